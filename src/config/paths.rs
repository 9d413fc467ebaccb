//! Where things are kept on this machine: XDG on Linux, so that nothing lands in the home directory itself.
//!
//! It must never make a directory, nor know what is in a file.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::failure::{Failure, FailureKind};

const NAME: &str = "tickler";

/// Where things are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The settings, which a person writes: `config.toml`.
    pub config_file: PathBuf,
    /// What is a person's own: the embedded scheduler's memos.
    pub data_dir: PathBuf,
    /// What this program has to remember: `state.db`.
    pub state_dir: PathBuf,
    /// What it writes down about its own doings.
    pub log_file: PathBuf,
}

impl Paths {
    /// By the conventions of the system; on Linux those of XDG, with its variables.
    ///
    /// # Errors
    /// When there is no home directory.
    pub fn find() -> Result<Self, Failure> {
        let strategy = etcetera::choose_base_strategy().map_err(|_| {
            Failure::new(FailureKind::Settings, "Your home directory cannot be found.", "Set HOME to where it is.")
        })?;
        Ok(Self::by(&strategy))
    }

    fn by(strategy: &impl BaseStrategy) -> Self {
        let state_dir = strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join(NAME);
        Self {
            config_file: strategy.config_dir().join(NAME).join("config.toml"),
            data_dir: strategy.data_dir().join(NAME),
            log_file: state_dir.join("tickler.log"),
            state_dir,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::Paths;

    struct Fixed {
        state: Option<PathBuf>,
    }

    impl etcetera::BaseStrategy for Fixed {
        fn home_dir(&self) -> &Path {
            Path::new("/home/ana")
        }
        fn config_dir(&self) -> PathBuf {
            "/home/ana/.config".into()
        }
        fn data_dir(&self) -> PathBuf {
            "/home/ana/.local/share".into()
        }
        fn cache_dir(&self) -> PathBuf {
            "/home/ana/.cache".into()
        }
        fn state_dir(&self) -> Option<PathBuf> {
            self.state.clone()
        }
        fn runtime_dir(&self) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn each_thing_has_its_directory() {
        let paths = Paths::by(&Fixed { state: Some("/home/ana/.local/state".into()) });
        assert_eq!(paths.config_file, Path::new("/home/ana/.config/tickler/config.toml"));
        assert_eq!(paths.data_dir, Path::new("/home/ana/.local/share/tickler"));
        assert_eq!(paths.state_dir, Path::new("/home/ana/.local/state/tickler"));
        assert_eq!(paths.log_file, Path::new("/home/ana/.local/state/tickler/tickler.log"));
    }

    #[test]
    fn where_the_system_has_no_place_for_state_it_is_data() {
        let paths = Paths::by(&Fixed { state: None });
        assert_eq!(paths.state_dir, Path::new("/home/ana/.local/share/tickler"));
    }
}
