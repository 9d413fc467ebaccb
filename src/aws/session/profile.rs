//! How the selected profile signs, read from the profile files before the SDK uses them.
//!
//! Advice follows from the kind of profile, because the SDK has several messages for the same expired session.

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use crate::aws::error::{self, Signer};
use crate::failure::{Failure, FailureKind};

/// The profiles, one of which is selected.
pub(super) struct Profiles {
    set: ProfileSet,
    /// Whether it was selected by name, not by `AWS_PROFILE` or as the default.
    named: bool,
    /// Whether keys in the environment take precedence over any profile.
    keys_in_environment: bool,
}

impl Profiles {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn load(files: &EnvConfigFiles, name: Option<&str>) -> Result<Self, Failure> {
        let env = Env::real();
        let selected = name.map(|name| name.to_owned().into());
        let set = aws_config::profile::load(&Fs::real(), &env, files, selected).await.map_err(|error| {
            Failure::new(
                FailureKind::Settings,
                format!("The AWS profile files cannot be read: {}.", error::leaf(&error)),
                "Fix ~/.aws/config or ~/.aws/credentials.",
            )
            .with_source(error)
        })?;
        let keys_in_environment = name.is_none() && env.get("AWS_ACCESS_KEY_ID").is_ok_and(|key| !key.is_empty());
        Ok(Self { set, named: name.is_some(), keys_in_environment })
    }

    /// Refuses what the SDK would ignore or report late.
    ///
    /// # Errors
    /// When the profile does not exist, or it or one of its source profiles needs an MFA code.
    pub(super) fn refuse_unsupported(&self) -> Result<(), Failure> {
        if self.keys_in_environment {
            return Ok(());
        }
        let selected = self.set.selected_profile();
        if self.set.get_profile(selected).is_none() && (self.named || selected != "default") {
            return Err(Failure::new(
                FailureKind::Settings,
                format!("There is no AWS profile named {selected}."),
                "Choose another with --profile or AWS_PROFILE; `aws configure list-profiles` lists them.",
            ));
        }
        // A serial number matters only where a role is assumed with it; elsewhere every tool ignores it.
        match self.chain().into_iter().find(|p| p.get("mfa_serial").is_some() && p.get("role_arn").is_some()) {
            None => Ok(()),
            Some(profile) => Err(Failure::new(
                FailureKind::Settings,
                format!(
                    "The AWS profile {} assumes its role with an MFA code, which tickler cannot ask for.",
                    profile.name()
                ),
                format!(
                    "Run `eval \"$(aws configure export-credentials --profile {selected} --format env)\"` first, \
                     then start tickler without --profile and AWS_PROFILE."
                ),
            )),
        }
    }

    /// How the selected profile signs.
    pub(super) fn signer(&self) -> Signer {
        if self.keys_in_environment {
            return Signer::Environment;
        }
        let profile = self.set.selected_profile().to_owned();
        let has = |key| self.chain().iter().any(|link| link.get(key).is_some());
        if has("sso_session") || has("sso_start_url") {
            Signer::Sso { profile }
        } else if has("login_session") {
            Signer::Login { profile }
        } else if has("credential_process") {
            Signer::Process { profile }
        } else if self.set.get_profile(&profile).is_some() {
            Signer::Profile { profile }
        } else {
            Signer::Machine
        }
    }

    /// The selected profile and its chain of source profiles.
    fn chain(&self) -> Vec<&Profile> {
        let mut chain: Vec<&Profile> = Vec::new();
        let mut next = Some(self.set.selected_profile());
        while let Some(profile) = next.and_then(|name| self.set.get_profile(name)) {
            if chain.iter().any(|link| link.name() == profile.name()) {
                break;
            }
            chain.push(profile);
            next = profile.get("source_profile");
        }
        chain
    }
}
