//! Journeys through the whole program: the keys that are typed, and the picture they lead to.

mod far;
mod hours;
mod journey;

mod add;
mod calendar;
mod comfort;
mod contexts;
mod copy;
mod keys;
mod life;
mod marks;
mod places;
mod proof;
mod quick;
mod steer;
mod trouble;
mod turns;
mod wake;
