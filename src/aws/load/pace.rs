//! How many reads may run at once: halved when the service throttles, grown back while it does not.
//!
//! Pure: the throttles are counted elsewhere.

use crate::aws::throttles::Throttles;

/// The most reads at once.
const LIMIT: usize = 16;

/// The current limit of concurrent reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    limit: usize,
    /// Reads that were running when the limit was last cut. Their outcome is no evidence about the new limit.
    running: usize,
    /// Reads that succeeded since the limit last changed.
    succeeded: usize,
    /// The throttles that were taken into account.
    counted: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limit: LIMIT, running: 0, succeeded: 0, counted: 0 }
    }
}

impl Pace {
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// A read has ended. After as many successes as the limit, the limit grows by one.
    pub(super) fn ended(&mut self, success: bool) {
        if self.running > 0 {
            self.running -= 1;
        } else if success {
            self.succeeded += 1;
            if self.succeeded >= self.limit && self.limit < LIMIT {
                self.limit += 1;
                self.succeeded = 0;
            }
        }
    }

    /// Takes new throttles into account.
    pub(super) fn update(&mut self, throttles: &Throttles) {
        let count = throttles.count();
        if count > self.counted {
            self.counted = count;
            self.throttled();
        }
    }

    /// Halves the limit. Reads that ran together are throttled together, so they count once.
    fn throttled(&mut self) {
        if self.running == 0 {
            self.running = self.limit;
            self.limit = (self.limit / 2).max(1);
            self.succeeded = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(pace: &mut Pace, throttles: &Throttles) {
        throttles.add();
        pace.update(throttles);
        pace.ended(false);
    }

    #[test]
    fn reads_that_are_throttled_together_halve_the_limit_once() {
        let (mut pace, throttles) = (Pace::default(), Throttles::default());
        (0..LIMIT).for_each(|_| throttle(&mut pace, &throttles));
        assert_eq!(pace.limit(), LIMIT / 2);
        throttle(&mut pace, &throttles);
        assert_eq!(pace.limit(), LIMIT / 4);
    }

    #[test]
    fn the_limit_never_reaches_zero_and_grows_back() {
        let (mut pace, throttles) = (Pace::default(), Throttles::default());
        (0..1000).for_each(|_| throttle(&mut pace, &throttles));
        assert_eq!(pace.limit(), 1);
        (0..1000).for_each(|_| pace.ended(true));
        assert_eq!(pace.limit(), LIMIT, "it grows no further");
    }
}
