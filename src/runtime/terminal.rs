//! The terminal: taken over when the program begins, and given back as it was however the program ends.

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

use crate::preferences::TerminalNote;

/// The thread that may end the program by panicking; a panic elsewhere is reported as a failure.
pub const TERMINAL_THREAD: &str = "main";

/// Whether the terminal is taken over. It is given back once: a second time would move the cursor back to where it was
/// before the program began, over what has been written since.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// How long a terminal that may be stuck is waited for.
const STUCK: Duration = Duration::from_millis(300);

/// Clicks and the wheel, told in the form that has no limit of columns (xterm's modes 1000 and 1006). Crossterm's own
/// command asks for every movement too, and each would wake the program for nothing.
const CLICKS_AND_WHEEL: &str = "\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

type Backend = CrosstermBackend<BufWriter<Stdout>>;

/// A terminal in raw mode on its alternate screen. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    /// Never dropped, since `Drop for Screen` gives all of it back: ratatui's own `drop` shows the cursor, and panics
    /// where the terminal has gone and standard error with it.
    terminal: ManuallyDrop<Terminal<Backend>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When the terminal does not do what it is asked to.
    pub fn take_over() -> io::Result<Self> {
        restore_on_panic();
        enter()?;
        // One write a frame: a screen is not drawn in pieces.
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
        match Terminal::new(backend) {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal), mouse: false }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// The size: columns, rows.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame. Nothing is shown before all of it is there, where the terminal can do that.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Draws the next frame from nothing.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`, which asks the terminal where its cursor is: the answer would come in by the keyboard,
        // where another thread reads, and some terminals give none.
        self.terminal.backend_mut().clear_region(ClearType::All)?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Listens to the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn listen_to_mouse(&mut self, mouse: bool) -> io::Result<()> {
        if mouse == self.mouse {
            return Ok(());
        }
        self.mouse = mouse;
        let out = self.terminal.backend_mut();
        let switch = if mouse { CLICKS_AND_WHEEL } else { NO_MOUSE };
        out.write_all(switch.as_bytes())?;
        Write::flush(out)
    }

    /// Rings the terminal's bell.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ring(&mut self) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(b"\x07")?;
        Write::flush(out)
    }

    /// Asks the terminal to show a notification; one that cannot shows nothing.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn notify(&mut self, note: TerminalNote, text: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(crate::ui::text::notification(note, text).as_bytes())?;
        Write::flush(out)
    }

    /// Puts a text into the clipboard of the terminal (xterm's OSC 52), wherever that is: over SSH it is the person's own.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        write!(out, "\x1b]52;c;{}\x07", aws_smithy_types::base64::encode(text))?;
        Write::flush(out)
    }

    /// Gives the terminal back, stops until the shell continues the program, and takes it over again.
    ///
    /// # Errors
    /// When the terminal or the system does not do what it is asked to.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        #[cfg(unix)]
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)?;
        enter()?;
        let mouse = std::mem::take(&mut self.mouse);
        self.listen_to_mouse(mouse)?;
        self.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

/// Gives the terminal back, where it was taken over. Each step is tried whatever became of the others: there is nobody
/// left to tell. The modes come first, since setting them never waits for a terminal that reads no more.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let cooked = disable_raw_mode();
    let left = execute!(io::stdout(), Print(NO_MOUSE), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    for error in [cooked, left].into_iter().filter_map(Result::err) {
        tracing::debug!(%error, "the terminal could not be given back");
    }
}

/// Gives back a terminal that may be stuck, as far as it goes: it is not waited for long.
pub fn give_back_if_it_can() {
    let (done, told) = mpsc::channel();
    let give = move || {
        give_back();
        done.send(()).unwrap_or(());
    };
    let tried = std::thread::Builder::new().name("give-back".into()).spawn(give);
    if tried.is_err() || told.recv_timeout(STUCK).is_err() {
        tracing::warn!("the terminal is stuck, and was not given back whole");
    }
}

/// In a debug build, `TICKLER_PANIC` in the environment makes the first key a panic of the thread that draws, so that a
/// test can see what becomes of the terminal.
///
/// # Panics
/// When it is asked to.
#[cfg(debug_assertions)]
pub fn rehearse_panic(event: &crossterm::event::Event) {
    let asked_for = event.is_key() && std::env::var_os("TICKLER_PANIC").is_some();
    assert!(!asked_for, "TICKLER_PANIC is set");
}

/// A panic on the thread that draws gives the terminal back before it is printed. One on another thread must not be
/// printed into the middle of the screen: it goes to the log, and comes back to the screen as a failure.
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
