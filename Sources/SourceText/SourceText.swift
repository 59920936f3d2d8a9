// SourceText: from the bytes of a file to values that know their line and column.
//
// A catalog file, YAML or JSON:
//   Pieces/     `cut` finds the documents and List elements of a file and hashes them, without reading them;
//               `DocumentReader` reads all pieces, or only those that changed
//   YAML/       reads simple block YAML itself and copies libyaml's events (C door: CYAML) for the rest to the tape;
//               says what a plain scalar is
//   JSON/       reads RFC 8259 to the same tape
//   Documents/  the tape (`Document`), the cursor on it (`Value`), all its nodes for who walks them once (`NodeList`),
//               and why text is no document (`DocumentProblem`)
//
// A Corefile:
//   Corefile/   words, blocks and directives with their places; imports, snippets and environment are resolved
//
// Whatever an operator wrote wrongly becomes a `Diagnostic` at its `SourceLocation`.
