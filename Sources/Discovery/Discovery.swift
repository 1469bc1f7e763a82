// The door of Discovery: who offers what is wanted, said in words.
//
// `Embedding` makes 128 signed bytes of a text, the same ones on every machine: hashed words, their
// concepts, pairs and trigrams, with fixed weights and no model. `NearestGraph` finds the rows that
// are nearest to another: HNSW (Malkov, Yashunin, arXiv:1603.09320). `Catalogue` holds what is
// offered, with its price, load, region and reputation, and answers wishes by both.
//
// What such vectors can do: texts that share words, parts of words, or concepts of a small table
// are near. What they cannot: meaning beyond that table.
