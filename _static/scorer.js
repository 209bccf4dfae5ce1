// Weigh what the search of the book finds, so that a term of the field leads
// first to the chapter that explains it. Sphinx's searchtools.js, which comes
// after, takes a Scorer that is there already.
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 60,
  partialTitle: 20,
  term: 5,
  partialTerm: 2,

  // Pages that name terms without explaining them, and how much they count.
  lesser: [
    [/^chapters\/evidence\//, 0.2],
    [/^chapters\//, 1],
    [/^glossary$/, 0.4],
    [/^where$/, 0.3],
    [/./, 0.3],
  ],

  // The stems of a text's words: "cross_entropy" and "Cross-entropy" alike.
  words: (text) => {
    const stemmer = new Stemmer();
    const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
    return new Set(
      found.filter((w) => !stopwords.includes(w)).map((w) => stemmer.stemWord(w))
    );
  },

  // How alike two sets of words are: those shared, of the larger set.
  likeness: (some, others) => {
    const shared = [...some].filter((w) => others.has(w)).length;
    return shared / Math.max(some.size, others.size, 1);
  },

  // Page -> the best likeness of the query to its headings and index entries.
  likenesses: (query) => {
    const asked = Scorer.words(query);
    const best = {};
    const see = (text, file, weight) => {
      const likeness = weight * Scorer.likeness(asked, Scorer.words(text));
      if (likeness > (best[file] || 0)) best[file] = likeness;
    };
    const index = Search._index;
    for (const [title, places] of Object.entries(index.alltitles))
      for (const [file] of places)
        see(title, file, index.titles[file] === title ? 1.2 : 1);
    for (const [entry, places] of Object.entries(index.indexentries))
      for (const [file, , main] of places) see(entry.replace(/ \(.*\)$/, ""), file, main ? 1.1 : 0.8);
    return best;
  },

  score: ([docname, , , , score]) => {
    const query = new URLSearchParams(window.location.search).get("q") || "";
    if (Scorer.asked !== query) {
      Scorer.asked = query;
      Scorer.best = Scorer.likenesses(Scorer.plain(query));
    }
    const likeness = Scorer.best[Search._index.docnames.indexOf(docname)] || 0;
    const [, weight] = Scorer.lesser.find(([page]) => page.test(docname));
    return weight * (score + 200 * likeness);
  },
};

// A name of PyTorch may be asked for with its module: torch.nn.GELU, F.gelu.
Scorer.plain = (query) => query.trim().replace(/^(\w+\.)+(?=\w+$)/, "");
document.addEventListener("DOMContentLoaded", () => {
  if (typeof Search === "undefined") return;
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => parse(Scorer.plain(query));
});
