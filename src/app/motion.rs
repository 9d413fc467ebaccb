//! Motions over lines: one function for every list, overlay and document.

use crate::keymap::Motion;

/// What a motion by one line does at either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It stops.
    Stop,
    /// It continues at the other end.
    Wrap,
}

/// The line to which a motion leads from `line`, of `count` lines with `page` lines on a page.
#[must_use]
pub fn target(motion: Motion, line: usize, count: usize, page: usize, ends: Ends) -> usize {
    let last = count.saturating_sub(1);
    let line = line.min(last);
    match (motion, ends) {
        (Motion::Down, Ends::Wrap) if line == last => 0,
        (Motion::Up, Ends::Wrap) if line == 0 => last,
        (Motion::Down, _) => line.saturating_add(1).min(last),
        (Motion::Up, _) => line.saturating_sub(1),
        (Motion::PageDown, _) => line.saturating_add(page.max(1)).min(last),
        (Motion::PageUp, _) => line.saturating_sub(page.max(1)),
        (Motion::First, _) => 0,
        (Motion::Last, _) => last,
        (Motion::Left | Motion::Right, _) => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_motion_leads_to_its_line_and_stops_at_the_ends() {
        let table = [
            (Motion::Down, [1, 5, 9]),
            (Motion::Up, [0, 3, 8]),
            (Motion::PageDown, [3, 7, 9]),
            (Motion::PageUp, [0, 1, 6]),
            (Motion::First, [0, 0, 0]),
            (Motion::Last, [9, 9, 9]),
            (Motion::Left, [0, 4, 9]),
            (Motion::Right, [0, 4, 9]),
        ];
        for (motion, expected) in table {
            assert_eq!([0, 4, 9].map(|line| target(motion, line, 10, 3, Ends::Stop)), expected, "{motion:?}");
        }
    }

    #[test]
    fn a_ring_wraps_by_line_only() {
        let table = [
            (Motion::Down, [1, 0]),
            (Motion::Up, [3, 2]),
            (Motion::PageDown, [3, 3]),
            (Motion::PageUp, [0, 0]),
            (Motion::First, [0, 0]),
            (Motion::Last, [3, 3]),
        ];
        for (motion, expected) in table {
            assert_eq!([0, 3].map(|line| target(motion, line, 4, 5, Ends::Wrap)), expected, "{motion:?}");
        }
    }

    #[test]
    fn no_motion_leaves_the_lines() {
        let motions = [Motion::Down, Motion::Up, Motion::PageDown, Motion::PageUp, Motion::First, Motion::Last];
        for motion in motions {
            for ends in [Ends::Stop, Ends::Wrap] {
                assert_eq!(target(motion, 0, 0, 3, ends), 0, "{motion:?} without lines");
                assert!(target(motion, 7, 2, 0, ends) < 2, "{motion:?} from a line that is gone");
                assert!(target(motion, usize::MAX, usize::MAX, usize::MAX, ends) < usize::MAX, "{motion:?}");
            }
        }
    }
}
