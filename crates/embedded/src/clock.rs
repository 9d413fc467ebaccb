//! The host's clock.

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// The host's clock. This crate never reads the machine's.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
