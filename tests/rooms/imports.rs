//! The imports between files: each name traced to the file that defines it, and to those that re-export it.

use std::collections::BTreeMap;

use super::tree::{Id, Sources, Tree, Use};

/// Who imports from whom, and which names.
pub type Imports = BTreeMap<(String, String), Vec<String>>;

/// Re-exports of re-exports end here; a circle of them is not Rust anyway.
const DEEPEST: usize = 16;

/// All imports between the files of these crates.
pub fn imports(sources: &Sources, crates: &[(&str, &str)]) -> Imports {
    let tree = Tree::read(sources, crates);
    let mut imports = Imports::new();
    for (id, module) in tree.modules.iter().enumerate() {
        let mut add = |trace: Trace| {
            for (to, name) in trace.names {
                let to = &tree.modules[to].file;
                if *to != module.file {
                    imports.entry((module.file.clone(), to.clone())).or_default().push(name);
                }
            }
        };
        for import in &module.uses {
            let mut trace = tree.trace(id, &import.path, 0);
            if import.re_export && tree.is_index_line(id, import, &trace) {
                continue;
            }
            if import.glob
                && let Some(target) = trace.module
            {
                trace.names.push((target, "*".to_owned()));
            }
            add(trace);
        }
        for path in &module.paths {
            add(tree.trace(id, path, 0));
        }
    }
    for names in imports.values_mut() {
        names.sort();
        names.dedup();
    }
    imports
}

/// Where a path leads.
#[derive(Default)]
struct Trace {
    /// The modules that define or re-export what it names, with the name that each has for it.
    names: Vec<(Id, String)>,
    /// The module that it names, if it names one. That alone is no import: what is used of the module is.
    module: Option<Id>,
}

impl Tree {
    /// Whether a re-export only hands on what a child of this module defines: the module's own code does not use it.
    fn is_index_line(&self, id: Id, import: &Use, trace: &Trace) -> bool {
        let below = |mut module: Id| loop {
            match self.modules[module].parent {
                Some(parent) if parent == id => return true,
                Some(parent) => module = parent,
                None => return false,
            }
        };
        let from_child = trace.names.iter().map(|(module, _)| *module).chain(trace.module).all(below);
        let used = import.name.as_ref().is_some_and(|name| self.modules[id].words.contains(name));
        from_child && !used
    }

    /// Follows a path that stands in a module.
    fn trace(&self, from: Id, path: &[String], depth: usize) -> Trace {
        let Some((first, rest)) = path.split_first() else { return Trace::default() };
        if depth > DEEPEST {
            return Trace::default();
        }
        let module = &self.modules[from];
        match first.as_str() {
            "crate" => self.walk(module.root, rest, depth),
            "self" => self.walk(from, rest, depth),
            "super" => module.parent.map_or_else(Trace::default, |parent| self.walk(parent, rest, depth)),
            name => {
                if let Some(child) = module.children.get(name) {
                    self.walk(*child, rest, depth)
                } else if let Some(import) = self.import(from, name) {
                    self.trace(from, &join(&import.path, rest), depth + 1)
                } else if module.items.contains(name) {
                    Trace::default()
                } else if let Some(root) = self.crates.get(name) {
                    self.walk(*root, rest, depth)
                } else {
                    self.through_globs(from, path, depth)
                }
            }
        }
    }

    /// Follows the rest of a path from the module that its beginning names.
    fn walk(&self, at: Id, path: &[String], depth: usize) -> Trace {
        let Some((first, rest)) = path.split_first() else {
            return Trace { names: Vec::new(), module: Some(at) };
        };
        let module = &self.modules[at];
        let here = || vec![(at, first.clone())];
        if first == "super" {
            return module.parent.map_or_else(Trace::default, |parent| self.walk(parent, rest, depth));
        }
        if first == "self" {
            return self.walk(at, rest, depth);
        }
        let mut trace = Trace::default();
        if let Some(child) = module.children.get(first) {
            trace = self.walk(*child, rest, depth);
            // At the end of a path it may be a function of the same name as well.
            if !rest.is_empty() {
                return trace;
            }
        }
        if module.items.contains(first) {
            trace.names.extend(here());
            return trace;
        }
        let on = match self.import(at, first) {
            Some(import) => self.trace(at, &join(&import.path, rest), depth + 1),
            None => self.through_globs(at, path, depth),
        };
        if trace.module.is_none() || !on.names.is_empty() {
            trace.names.extend(here());
        }
        trace.names.extend(on.names);
        trace.module = trace.module.or(on.module);
        trace
    }

    fn through_globs(&self, at: Id, path: &[String], depth: usize) -> Trace {
        let Some(first) = path.first() else { return Trace::default() };
        let targets = self.modules[at].uses.iter().filter(|import| import.glob).filter_map(|import| {
            let target = self.trace(at, &import.path, depth + 1).module?;
            let module = &self.modules[target];
            let known = module.items.contains(first)
                || module.children.contains_key(first)
                || self.import(target, first).is_some();
            known.then_some(target)
        });
        targets.map(|target| self.walk(target, path, depth + 1)).next().unwrap_or_default()
    }

    /// The `use` that brings a name into a module; not one that only repeats the name of a crate.
    fn import(&self, module: Id, name: &str) -> Option<&Use> {
        let brings = |import: &&Use| import.name.as_deref() == Some(name) && import.path != [name];
        self.modules[module].uses.iter().find(brings)
    }
}

fn join(path: &[String], rest: &[String]) -> Vec<String> {
    path.iter().chain(rest).cloned().collect()
}
