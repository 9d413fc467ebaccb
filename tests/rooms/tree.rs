//! The modules of a crate, read from its files: which names each one declares and imports, and which paths its code
//! mentions.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemUse, Macro, Meta, Stmt, TraitItem, UseTree, Visibility};

/// The text of each file, by its path.
pub type Sources = BTreeMap<String, String>;

/// A module, by its place in [`Tree::modules`].
pub type Id = usize;

/// One name that a `use` brings in.
pub struct Use {
    /// The whole path.
    pub path: Vec<String>,
    /// The name under which it is known here; none for a glob and for `as _`.
    pub name: Option<String>,
    pub glob: bool,
    /// Whether it is there for others too (`pub use`, `pub(crate) use`).
    pub re_export: bool,
}

/// A module, in a file of its own or in braces.
#[derive(Default)]
pub struct Module {
    pub file: String,
    pub parent: Option<Id>,
    pub root: Id,
    pub children: BTreeMap<String, Id>,
    pub items: BTreeSet<String>,
    pub uses: Vec<Use>,
    /// The paths of two names and more in its code.
    pub paths: Vec<Vec<String>>,
    /// All names in its code.
    pub words: BTreeSet<String>,
}

/// All modules of all crates.
#[derive(Default)]
pub struct Tree {
    pub modules: Vec<Module>,
    pub crates: BTreeMap<String, Id>,
}

impl Tree {
    pub fn read(sources: &Sources, crates: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (name, root) in crates {
            let id = tree.add(root, None);
            tree.file(sources, id, root.rsplit_once('/').map_or("", |(folder, _)| folder));
            tree.crates.insert((*name).to_owned(), id);
        }
        tree
    }

    fn add(&mut self, file: &str, parent: Option<Id>) -> Id {
        let id = self.modules.len();
        let root = parent.map_or(id, |parent| self.modules[parent].root);
        self.modules.push(Module { file: file.to_owned(), parent, root, ..Module::default() });
        id
    }

    /// Reads a file as a module, whose children are in `folder`.
    fn file(&mut self, sources: &Sources, id: Id, folder: &str) {
        let name = self.modules[id].file.clone();
        let text = sources.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{name} is not Rust: {error}"));
        self.items(sources, id, folder, &parsed.items);
    }

    fn items(&mut self, sources: &Sources, id: Id, folder: &str, items: &[Item]) {
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            if let Item::Mod(module) = item {
                let name = module.ident.to_string();
                let inner = format!("{folder}/{name}");
                let child = if let Some((_, items)) = &module.content {
                    let child = self.add(&self.modules[id].file.clone(), Some(id));
                    self.items(sources, child, &inner, items);
                    child
                } else {
                    let child = self.add(&format!("{inner}.rs"), Some(id));
                    self.file(sources, child, &inner);
                    child
                };
                self.modules[id].children.insert(name, child);
                continue;
            }
            let module = &mut self.modules[id];
            module.items.extend(declared(item));
            Code(module).visit_item(item);
        }
    }
}

/// The name that an item declares.
fn declared(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether something is there for tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        Meta::Path(_) | Meta::NameValue(_) => false,
    })
}

/// Collects what the code of a module mentions.
struct Code<'m>(&'m mut Module);

impl Code<'_> {
    fn mention(&mut self, path: Vec<String>) {
        self.0.words.extend(path.first().cloned());
        if path.len() > 1 {
            self.0.paths.push(path);
        }
    }

    /// The paths in the arguments of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.mention(std::mem::take(&mut path));
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 => colons += 1,
                TokenTree::Group(group) => {
                    self.mention(std::mem::take(&mut path));
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.mention(std::mem::take(&mut path));
                    colons = 0;
                }
            }
        }
        self.mention(path);
    }
}

impl<'ast> Visit<'ast> for Code<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Const(item) => &item.attrs[..],
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let attributes = match item {
            TraitItem::Const(item) => &item.attrs[..],
            TraitItem::Fn(item) => &item.attrs,
            TraitItem::Type(item) => &item.attrs,
            TraitItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Local(local) = statement
            && is_test(&local.attrs)
        {
            return;
        }
        visit::visit_stmt(self, statement);
    }

    /// `pub(in crate::config)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let re_export = !matches!(item.vis, Visibility::Inherited);
        flatten(&item.tree, &mut Vec::new(), re_export, &mut self.0.uses);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.mention(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.tokens(called.tokens.clone());
        visit::visit_macro(self, called);
    }
}

/// The single names of a `use`.
fn flatten(tree: &UseTree, before: &mut Vec<String>, re_export: bool, uses: &mut Vec<Use>) {
    let mut add = |before: &[String], last: Option<String>, name: Option<String>, glob| {
        let mut path = before.to_vec();
        // `self` in braces is the path before them.
        let name = if last.as_deref() == Some("self") && name.as_deref() == Some("self") {
            path.last().cloned()
        } else {
            path.extend(last.filter(|last| last != "self" || before.is_empty()));
            name
        };
        uses.push(Use { path, name: name.filter(|name| name != "_"), glob, re_export });
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, re_export, uses);
            before.pop();
        }
        UseTree::Name(name) => add(before, Some(name.ident.to_string()), Some(name.ident.to_string()), false),
        UseTree::Rename(rename) => {
            add(before, Some(rename.ident.to_string()), Some(rename.rename.to_string()), false);
        }
        UseTree::Glob(_) => add(before, None, None, true),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, re_export, uses);
            }
        }
    }
}
