//! Journeys through the whole program: a test types keys and reads the screen.

mod journey;

mod add;
mod calendar;
mod contexts;
mod copy_and_palette;
mod cursor;
mod drafts;
mod failures;
mod filter_and_sort;
mod foreign_and_remote;
mod hostile;
mod hours;
mod keys;
mod marks;
mod memos;
mod own_files;
mod preferences;
mod queued_changes;
mod quick_entry;
mod receipts;
mod small_screens;
mod terminal_bytes;
mod undo;
mod wake;
