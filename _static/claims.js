// Filter the list of claims by verdict, chapter and source.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("ol.claims");
  if (!list) return;
  const entries = [...list.children];
  const fields = ["verdict", "chapter", "source"];
  const form = document.createElement("form");
  form.className = "claims-filter";
  const count = document.createElement("output");
  const chosen = {};
  for (const field of fields) {
    const values = new Set(entries.flatMap((e) =>
      field === "source" ? e.dataset.source.split(" ") : [e.dataset[field]]));
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.append(field + " ", select);
    select.name = field;
    select.add(new Option("all", ""));
    const order = field === "source" ? [...values].sort() : [...values];
    order.forEach((v) => select.add(new Option(v, v)));
    chosen[field] = select;
    form.append(label);
  }
  const apply = () => {
    let shown = 0;
    for (const entry of entries) {
      const fits = fields.every((field) => {
        const want = chosen[field].value;
        return !want || (field === "source"
          ? entry.dataset.source.split(" ").includes(want)
          : entry.dataset[field] === want);
      });
      entry.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${entries.length} claims`;
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (e) => e.preventDefault());
  form.append(count);
  list.before(form);
  apply();
});
