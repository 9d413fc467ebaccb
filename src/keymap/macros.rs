//! The macro that turns the table into types.

/// Defines every action: its group, its name in the settings, whether it changes schedules, and its bindings.
///
/// A row reads `CONTEXT | CONTEXT: [KEYS] "short", "long" if CONDITION;`. The footer shows the short label, the help and
/// the documents show the long one; an empty label is not shown. Without `if`, the binding is always available. Within a
/// context, the first available binding of a key wins.
///
/// To add an action, add it here with its name, `changes` or `reads`, and at least one row; without one of them the
/// table does not compile. The compiler then asks for the handler in `app/actions`.
macro_rules! actions {
    (
        unnamed {
            $(
                $(#[$unnamed_doc:meta])*
                $unnamed:ident($data:ty) $unnamed_effect:ident {
                    $( $unnamed_value:literal $unnamed_context:ident: $unnamed_keys:tt; )*
                }
            )+
        }
        $(
            $(#[$group_doc:meta])*
            $group:ident($kind:ident) {
                $(
                    $(#[$doc:meta])*
                    $action:ident $name:literal $effect:ident {
                        $( $($context:ident)|+: $keys:tt $short:literal, $long:literal $(if $when:ident)?; )+
                    }
                )+
            }
        )+
    ) => {
        /// What a key does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $( $(#[$group_doc])* $group($kind), )+
            $( $(#[$unnamed_doc])* $unnamed($data), )+
        }

        $(
            $(#[$group_doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $kind {
                $( $(#[$doc])* $action, )+
            }

            impl From<$kind> for Action {
                fn from(action: $kind) -> Self {
                    Self::$group(action)
                }
            }
        )+

        impl Action {
            /// The name in the settings; `None` if the keys of the action are fixed. A name is never changed: people's
            /// files contain it.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $( $( Self::$group($kind::$action) => Some($name), )+ )+
                    $( Self::$unnamed(_) => None, )+
                }
            }

            /// Whether the action changes schedules: a read-only context refuses it.
            #[must_use]
            pub fn changes(self) -> bool {
                match self {
                    $( $( Self::$group($kind::$action) => effect!($effect), )+ )+
                    $( Self::$unnamed(_) => effect!($unnamed_effect), )+
                }
            }
        }

        /// The rows of the table, one binding for each context.
        fn rows() -> Vec<Binding> {
            let mut bindings = Vec::new();
            $( $( $(
                bindings.extend([$( KeyContext::$context ),+].map(|context| Binding {
                    context,
                    keys: keys!($keys),
                    action: Action::$group($kind::$action),
                    short: $short,
                    long: $long,
                    when: when!($($when)?),
                }));
            )+ )+ )+
            $( $(
                bindings.push(Binding {
                    context: KeyContext::$unnamed_context,
                    keys: keys!($unnamed_keys),
                    action: Action::$unnamed($unnamed_value),
                    short: "",
                    long: "",
                    when: When::Always,
                });
            )* )+
            bindings
        }
    };
}

/// Whether an action changes schedules.
macro_rules! effect {
    (changes) => {
        true
    };
    (reads) => {
        false
    };
}

/// The keys of a row.
macro_rules! keys {
    ([$($key:expr),+]) => {
        vec![$(Chord::from($key)),+]
    };
}

/// The condition of a row.
macro_rules! when {
    () => {
        When::Always
    };
    ($when:ident) => {
        When::$when
    };
}
