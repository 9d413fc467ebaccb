//! How many reads at once a service bears: halved when it asks for fewer, grown back while it does not.
//!
//! Pure: the throttles are counted elsewhere.

use crate::aws::throttles::Throttles;

/// The most reads at once.
const LIMIT: usize = 16;

/// The limit of reads at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    limit: usize,
    /// Reads that were under way when the limit was last cut: what they meet says nothing of the new limit.
    under_way: usize,
    /// Reads that were answered since the limit last changed.
    answered: usize,
    /// The throttles that were heeded.
    heard: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limit: LIMIT, under_way: 0, answered: 0, heard: 0 }
    }
}

impl Pace {
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// A read has ended, well or not. When as many as may go at once went well, one more may.
    pub(super) fn ended(&mut self, well: bool) {
        if self.under_way > 0 {
            self.under_way -= 1;
        } else if well {
            self.answered += 1;
            if self.answered >= self.limit && self.limit < LIMIT {
                self.limit += 1;
                self.answered = 0;
            }
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

    /// The service asked for fewer. Reads that were asked at once are throttled at once: they count once.
    fn throttled(&mut self) {
        if self.under_way == 0 {
            self.under_way = self.limit;
            self.limit = (self.limit / 2).max(1);
            self.answered = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(pace: &mut Pace, throttles: &Throttles) {
        throttles.add();
        pace.heed(throttles);
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
    fn it_never_stops_altogether_and_grows_back() {
        let (mut pace, throttles) = (Pace::default(), Throttles::default());
        (0..1000).for_each(|_| throttle(&mut pace, &throttles));
        assert_eq!(pace.limit(), 1);
        (0..1000).for_each(|_| pace.ended(true));
        assert_eq!(pace.limit(), LIMIT, "and no further");
    }
}
