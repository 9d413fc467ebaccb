//! Journeys through the whole program: the keys that are typed, and the picture they lead to.

mod journey;

mod add;
mod contexts;
mod life;
mod places;
mod trouble;
mod wake;
