//! Where tickler keeps its files: by XDG on Linux, so that nothing lands in the home directory itself.
//!
//! Creates no directory. Does not depend on what is in the files.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::failure::{Failure, FailureKind};

const NAME: &str = "tickler";

/// The files and directories of tickler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The settings: `config.toml`.
    pub config_file: PathBuf,
    /// The memos of the embedded scheduler: `memos.db`.
    pub data_dir: PathBuf,
    /// What tickler remembers between runs: `state.db`.
    pub state_dir: PathBuf,
    /// The log.
    pub log_file: PathBuf,
}

impl Paths {
    /// By the conventions of the system; on Linux those of XDG, with its variables.
    ///
    /// # Errors
    /// If there is no home directory.
    pub fn find() -> Result<Self, Failure> {
        let strategy = etcetera::choose_base_strategy().map_err(|_| {
            Failure::new(FailureKind::Settings, "Cannot find your home directory.", "Set HOME to its path.")
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
    fn each_file_has_its_directory() {
        let paths = Paths::by(&Fixed { state: Some("/home/ana/.local/state".into()) });
        assert_eq!(paths.config_file, Path::new("/home/ana/.config/tickler/config.toml"));
        assert_eq!(paths.data_dir, Path::new("/home/ana/.local/share/tickler"));
        assert_eq!(paths.state_dir, Path::new("/home/ana/.local/state/tickler"));
        assert_eq!(paths.log_file, Path::new("/home/ana/.local/state/tickler/tickler.log"));
    }

    #[test]
    fn without_a_state_directory_state_goes_into_data() {
        let paths = Paths::by(&Fixed { state: None });
        assert_eq!(paths.state_dir, Path::new("/home/ana/.local/share/tickler"));
    }
}
