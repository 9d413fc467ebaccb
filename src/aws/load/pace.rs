//! How many reads at once a service bears: halved when it asks for fewer, grown back while it does not.
//!
//! Pure but for the count of throttles, which an interceptor keeps: the SDK tries again by itself, and a throttle that
//! it overcame would otherwise go unheard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_scheduler::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_scheduler::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;

/// The most reads at once.
const LIMIT: usize = 16;

/// How many answers asked for fewer requests: 429, and 402, which is documented for request rates too.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct Throttles(Arc<AtomicU64>);

impl Throttles {
    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Throttles {
    fn name(&self) -> &'static str {
        "Throttles"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if matches!(context.response().status().as_u16(), 402 | 429) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The limit of reads at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    limit: usize,
    /// Answers since the limit last changed.
    answers: usize,
    /// The throttles that were heeded.
    heard: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limit: LIMIT, answers: 0, heard: 0 }
    }
}

impl Pace {
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// A read was answered. When as many were as may go at once, one more may.
    pub(super) fn answered(&mut self) {
        self.answers += 1;
        if self.answers >= self.limit && self.limit < LIMIT {
            self.limit += 1;
            self.answers = 0;
        }
    }

    /// Heeds what the interceptor heard meanwhile.
    pub(super) fn heed(&mut self, throttles: &Throttles) {
        let count = throttles.count();
        if count > self.heard {
            self.heard = count;
            self.throttled();
        }
    }

    /// The service asked for fewer. Several that were asked at once are throttled at once: they count once.
    pub(super) fn throttled(&mut self) {
        let unheeded = self.limit == LIMIT || self.answers > 0;
        if unheeded {
            self.limit = (self.limit / 2).max(1);
            self.answers = 0;
        }
    }
}
