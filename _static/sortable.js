// Sort the rows of a table inside .sortable by the column whose head is chosen.
document.addEventListener("DOMContentLoaded", () => {
  const value = (row, n) => row.cells[n].innerText.trim();
  const order = (a, b) => a.localeCompare(b, "en", { numeric: true });
  for (const table of document.querySelectorAll(":is(.tag_sortable, .tag-sortable) table")) {
    table.classList.add("sortable");
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => (down ? -1 : 1) * order(value(a, n), value(b, n)));
        table.tBodies[0].append(...rows);
      };
      button.addEventListener("click", sort);
    });
  }
});
