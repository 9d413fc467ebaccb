//! Takes over the terminal at the start, and gives it back as it was, however the program ends.

use std::io::{self, BufWriter, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::{Backend as _, ClearType, CrosstermBackend};

use super::own_process::stop;
use crate::preferences::TerminalNote;

/// The name of the thread whose panic ends the program; a panic on another thread shows as a failure.
pub const TERMINAL_THREAD: &str = "main";

/// Whether the terminal is in raw mode.
static RAW: AtomicBool = AtomicBool::new(false);

/// Whether the screen is taken over. It is given back only once: a second time would move the cursor to where it was
/// before the program began, over later output.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The last line, empty, whatever the height: where there is no alternate screen, the shell goes on there.
const FRESH_LAST_LINE: &str = "\x1b[m\x1b[9999;1H\x1b[2K";

/// How long to wait for a terminal that may be stuck.
const STUCK_TIMEOUT: Duration = Duration::from_millis(300);

/// Reports clicks and the wheel, in the form without a limit on columns (xterm's modes 1000 and 1006). Crossterm's own
/// command also reports every movement, which would wake the program for nothing.
const CLICKS_AND_WHEEL: &str = "\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

type Backend = CrosstermBackend<BufWriter<Stdout>>;

/// A terminal in raw mode on its alternate screen. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    /// Never dropped, since `Drop for Screen` gives the terminal back: ratatui's own `drop` shows the cursor, and panics
    /// when the terminal and standard error are both gone.
    terminal: ManuallyDrop<Terminal<Backend>>,
    mouse: bool,
    /// Whether the terminal shows what the last frame left. If not, the next frame takes the screen over first.
    is_ours: bool,
}

impl Screen {
    /// Takes the keyboard over. The screen follows with the first frame, in one write.
    ///
    /// # Errors
    /// When the terminal cannot be switched to raw mode, or has no size.
    pub fn take_over() -> io::Result<Self> {
        restore_on_panic();
        make_raw()?;
        // One write per frame, so that no half of a frame shows.
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
        match Terminal::new(backend) {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal), mouse: false, is_ours: false }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// The size: columns, rows.
    ///
    /// # Errors
    /// When the terminal does not report it.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame, which shows all at once where the terminal supports synchronized updates.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        if !self.is_ours {
            self.enter()?;
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Queues what takes the screen over. It clears the screen, since some terminals have no alternate one, and keep what
    /// the shell has written.
    fn enter(&mut self) -> io::Result<()> {
        TAKEN.store(true, Ordering::SeqCst);
        self.is_ours = true;
        let mouse = if self.mouse { CLICKS_AND_WHEEL } else { "" };
        let out = self.terminal.backend_mut();
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, Print(mouse), cursor::Hide)?;
        self.clear()
    }

    /// Clears the screen, so that the next frame draws every cell.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`, which asks the terminal for the cursor position: the keyboard thread would read the
        // answer, and some terminals never answer.
        self.terminal.backend_mut().clear_region(ClearType::All)?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Turns reports of the mouse on or off.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn listen_to_mouse(&mut self, mouse: bool) -> io::Result<()> {
        if mouse == self.mouse {
            return Ok(());
        }
        self.mouse = mouse;
        self.send(if mouse { CLICKS_AND_WHEEL } else { NO_MOUSE })
    }

    /// Rings the terminal's bell.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ring(&mut self) -> io::Result<()> {
        self.send("\x07")
    }

    /// Asks the terminal to show a notification. A terminal without notifications shows nothing.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn notify(&mut self, note: TerminalNote, text: &str) -> io::Result<()> {
        self.send(&crate::ui::text::notification(note, text))
    }

    /// Sends a control sequence.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(sequence.as_bytes())?;
        Write::flush(out)
    }

    /// Gives the terminal back, stops until the shell continues the program, and takes the terminal over again.
    ///
    /// # Errors
    /// When the terminal cannot be used, or the system does not stop the process.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        stop()?;
        self.take_over_again()
    }

    /// Takes the terminal over after somebody else may have used it: a stop that cannot be foreseen leaves its modes to
    /// the shell. The screen follows with the next frame.
    ///
    /// # Errors
    /// When the terminal cannot be switched to raw mode.
    pub fn take_over_again(&mut self) -> io::Result<()> {
        self.is_ours = false;
        // Otherwise crossterm takes the terminal for raw already.
        disable_raw_mode()?;
        make_raw()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn make_raw() -> io::Result<()> {
    RAW.store(true, Ordering::SeqCst);
    enable_raw_mode()
}

/// Gives the terminal back, as far as it is taken over. A failed step does not stop the others. Raw mode ends first, since
/// that never blocks on a terminal that has stopped reading.
pub fn give_back() {
    let cooked = if RAW.swap(false, Ordering::SeqCst) { disable_raw_mode() } else { Ok(()) };
    let left = if TAKEN.swap(false, Ordering::SeqCst) { leave() } else { Ok(()) };
    for error in [cooked, left].into_iter().filter_map(Result::err) {
        tracing::debug!(%error, "could not give the terminal back");
    }
}

fn leave() -> io::Result<()> {
    execute!(
        io::stdout(),
        Print(NO_MOUSE),
        DisableBracketedPaste,
        Print(FRESH_LAST_LINE),
        LeaveAlternateScreen,
        cursor::Show
    )
}

/// Gives back a terminal that may be stuck: tries for a short time only.
pub fn try_give_back() {
    let (sender, done) = mpsc::channel();
    let give = move || {
        give_back();
        sender.send(()).unwrap_or(());
    };
    let thread = std::thread::Builder::new().name("give-back".into()).spawn(give);
    if thread.is_err() || done.recv_timeout(STUCK_TIMEOUT).is_err() {
        tracing::warn!("the terminal is stuck, and could not be given back");
    }
}

/// In a debug build with `TICKLER_PANIC` in the environment, panics at the first key, for a test of how the terminal is
/// given back.
///
/// # Panics
/// When asked to.
pub fn panic_if_asked(event: &crossterm::event::Event) {
    let is_asked = cfg!(debug_assertions) && event.is_key() && std::env::var_os("TICKLER_PANIC").is_some();
    assert!(!is_asked, "TICKLER_PANIC is set");
}

/// Makes a panic on the terminal thread give the terminal back before its message is printed. A panic on another thread
/// goes to the log instead of into the middle of the screen, and shows as a failure.
fn restore_on_panic() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(TERMINAL_THREAD) {
            give_back();
            print(panic);
        } else {
            tracing::error!(%panic, "a task panicked");
        }
    }));
}
