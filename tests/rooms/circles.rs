//! The circles of a graph of imports: its strongly connected components (Tarjan's algorithm).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::imports::Imports;

/// Each circle as text: the files in it, then a line for each import that ties it.
pub fn circles(imports: &Imports) -> Vec<String> {
    let mut search = Search {
        imports,
        next: 0,
        indices: BTreeMap::new(),
        lowest: BTreeMap::new(),
        path: Vec::new(),
        found: Vec::new(),
    };
    for (from, _) in imports.keys() {
        if !search.indices.contains_key(from.as_str()) {
            search.visit(from);
        }
    }
    search.found.sort();
    search.found.iter().map(|files| describe(files, imports)).collect()
}

fn describe(files: &BTreeSet<&str>, imports: &Imports) -> String {
    let mut text = files.iter().copied().collect::<Vec<_>>().join(", ") + "\n";
    for ((from, to), names) in imports {
        if files.contains(from.as_str()) && files.contains(to.as_str()) {
            writeln!(text, "  {from} imports {} from {to}", names.join(", ")).unwrap();
        }
    }
    text
}

struct Search<'a> {
    imports: &'a Imports,
    next: usize,
    indices: BTreeMap<&'a str, usize>,
    lowest: BTreeMap<&'a str, usize>,
    /// The files that are not in a finished component yet.
    path: Vec<&'a str>,
    found: Vec<BTreeSet<&'a str>>,
}

impl<'a> Search<'a> {
    fn visit(&mut self, file: &'a str) -> usize {
        let index = self.next;
        self.next += 1;
        self.indices.insert(file, index);
        self.path.push(file);
        let mut lowest = index;
        let imports = self.imports;
        for (_, to) in imports.keys().filter(|(from, _)| from == file) {
            match self.indices.get(to.as_str()) {
                None => lowest = lowest.min(self.visit(to)),
                Some(_) if self.path.contains(&to.as_str()) => lowest = lowest.min(self.indices[to.as_str()]),
                Some(_) => {}
            }
        }
        self.lowest.insert(file, lowest);
        if lowest == index {
            let start = self.path.iter().rposition(|other| *other == file).unwrap();
            let component: BTreeSet<_> = self.path.drain(start..).collect();
            if component.len() > 1 {
                self.found.push(component);
            }
        }
        lowest
    }
}
