//! A terminal for tests: types keys, and waits until the screen shows what a test expects.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long a test waits: much longer than any machine needs, so that only a failure reaches it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often to check a condition that does not show on the screen.
const POLL: Duration = Duration::from_millis(10);

/// Keys that are not characters.
pub mod key {
    pub const ENTER: &str = "\r";
    pub const ESCAPE: &str = "\x1b";
    pub const TAB: &str = "\t";
    pub const SUBMIT: &str = "\x13";
    pub const KEEP_WORDS: &str = "\x14";
    pub const LINE_END: &str = "\x05";
    pub const DELETE_LINE: &str = "\x15";
    pub const QUIT: &str = "\x11";
    pub const SUSPEND: &str = "\x1a";
    pub const REDRAW: &str = "\x0c";
}

/// A terminal, and the process in it. Dropping it kills the process.
pub struct Terminal {
    /// The screen.
    parser: vt100::Parser<Requests>,
    /// All output so far.
    written: Vec<u8>,
    output: Receiver<Vec<u8>>,
    reader: Reader,
    /// `None` after the keyboard is closed.
    keyboard: Option<Box<dyn Write + Send>>,
    master: Box<dyn MasterPty + Send>,
    /// Stays open, so that a test can read the terminal's modes after the process has ended.
    slave: Box<dyn SlavePty + Send>,
    /// The modes before the process started.
    modes: String,
    process: Process,
}

/// What the terminal was asked to do, other than show text.
#[derive(Default)]
pub struct Requests {
    rings: u32,
    /// The data for its clipboard, still encoded.
    clipboard: Vec<Vec<u8>>,
}

impl vt100::Callbacks for Requests {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.rings += 1;
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, which: &[u8], data: &[u8]) {
        assert_eq!(which, b"c", "not the clipboard");
        self.clipboard.push(data.to_vec());
    }
}

/// The thread that reads the output.
struct Reader {
    /// A test that locks this gets a terminal that does not read.
    turn: Arc<Mutex<()>>,
    /// Tells the thread to close the terminal at the next output.
    leave: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// The process in the terminal.
pub struct Process {
    id: Pid,
    exit: Receiver<ExitStatus>,
    ended: bool,
}

impl Process {
    pub fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).unwrap();
    }

    /// Waits until it ends.
    pub fn wait(&mut self) -> ExitStatus {
        let status = self.exit.recv_timeout(TIMEOUT).expect("the process should have ended by now");
        self.ended = true;
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.ended && self.exit.try_recv().is_err() {
            // It may have ended in the meantime.
            let _ = kill_process(self.id, Signal::KILL);
        }
    }
}

impl Terminal {
    pub fn start(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let id = child.process_id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).unwrap();
        let (tell, exit) = channel();
        std::thread::spawn(move || tell.send(child.wait().unwrap()));

        let (tell, output) = channel();
        let (turn, leave) = (Arc::new(Mutex::new(())), Arc::new(AtomicBool::new(false)));
        let mut source = pair.master.try_clone_reader().unwrap();
        let thread = std::thread::spawn({
            let (turn, leave) = (Arc::clone(&turn), Arc::clone(&leave));
            move || {
                let mut bytes = vec![0; 1 << 16];
                loop {
                    let read = source.read(&mut bytes).unwrap_or(0);
                    if read == 0 || tell.send(bytes[..read].to_vec()).is_err() || leave.load(Ordering::SeqCst) {
                        return;
                    }
                    drop(turn.lock());
                }
            }
        });

        Self {
            parser: vt100::Parser::new_with_callbacks(nonzero(rows), nonzero(columns), 0, Requests::default()),
            written: Vec::new(),
            output,
            reader: Reader { turn, leave, thread },
            keyboard: Some(pair.master.take_writer().unwrap()),
            master: pair.master,
            slave: pair.slave,
            modes,
            process: Process { id, exit, ended: false },
        }
    }

    /// Types keys.
    pub fn send(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Clicks the first cell of these words on the screen. The characters before them must be one cell wide.
    #[track_caller]
    pub fn click(&mut self, words: &str) {
        let contents = self.screen().contents();
        let found = contents.lines().enumerate().find_map(|(row, line)| Some((row + 1, line.split_once(words)?.0)));
        let (row, before) = found.unwrap_or_else(|| panic!("there is no “{words}” to click:\n{contents}"));
        let column = before.chars().count() + 1;
        // Press and release, as SGR mouse reports. They count from 1.
        self.send(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
    }

    /// Changes its size, in columns and rows.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.set_size(nonzero(rows), nonzero(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Shows something that the program did not write.
    pub fn scribble(&mut self, words: &str) {
        self.take(words.as_bytes());
    }

    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// The id of the started process.
    pub fn process(&self) -> i32 {
        self.process.id.as_raw_nonzero().get()
    }

    /// The id of the foreground process. Under a shell it is not the started process.
    pub fn foreground(&self) -> i32 {
        self.master.process_group_leader().unwrap()
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Whether one line of the screen contains these words.
    pub fn shows(&self, words: &str) -> bool {
        self.screen().contents().contains(words)
    }

    /// Whether the screen shows this sentence, with any line breaks and frames.
    pub fn says(&self, sentence: &str) -> bool {
        let squeezed = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !"│╭╮╰╯─".contains(*c)).collect()
        };
        squeezed(&self.screen().contents()).contains(&squeezed(sentence))
    }

    /// The first line of the screen that contains these words.
    pub fn line_of(&self, words: &str) -> Option<String> {
        self.screen().contents().lines().find(|line| line.contains(words)).map(str::to_owned)
    }

    /// How many lines of the screen contain these words.
    pub fn lines_with(&self, words: &str) -> usize {
        self.screen().contents().lines().filter(|line| line.contains(words)).count()
    }

    /// How often the bell rang.
    pub fn rings(&self) -> u32 {
        self.parser.callbacks().rings
    }

    /// The texts that were copied to its clipboard. They arrive as base64 in OSC 52.
    pub fn clipboard(&self) -> Vec<String> {
        let decoded = |data: &Vec<u8>| {
            let text = aws_smithy_types::base64::decode(std::str::from_utf8(data).unwrap()).unwrap();
            String::from_utf8(text).unwrap()
        };
        self.parser.callbacks().clipboard.iter().map(decoded).collect()
    }

    /// All output so far.
    pub fn written(&self) -> &[u8] {
        &self.written
    }

    /// Whether its modes are as before the process started.
    pub fn has_its_modes(&self) -> bool {
        modes(&*self.master) == self.modes
    }

    /// Waits until these words are on the screen.
    #[track_caller]
    pub fn wait_to_show(&mut self, words: &str) {
        self.wait_for(&format!("“{words}”"), |terminal| terminal.shows(words));
    }

    /// Waits until this sentence is on the screen.
    #[track_caller]
    pub fn wait_to_say(&mut self, sentence: &str) {
        self.wait_for(&format!("“{sentence}”"), |terminal| terminal.says(sentence));
    }

    /// Waits until a condition holds.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is_there: impl Fn(&Self) -> bool) {
        let deadline = now() + TIMEOUT;
        while !is_there(self) {
            match self.output.recv_timeout(deadline.saturating_duration_since(now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("{what} did not come. The screen:\n{}", self.framed_screen()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("{what} did not come before the end:\n{}", self.framed_screen())
                }
            }
        }
    }

    /// Waits until a condition holds that does not show on the screen.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn() -> bool) {
        let deadline = now() + TIMEOUT;
        while !is_so() {
            assert!(now() < deadline, "{what} did not happen. The screen:\n{}", self.framed_screen());
            if let Ok(bytes) = self.output.recv_timeout(POLL) {
                self.take(&bytes);
            }
        }
    }

    /// Waits until the process ends, and reads its remaining output.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let status = self.process.wait();
        while let Ok(bytes) = self.output.try_recv() {
            self.take(&bytes);
        }
        status
    }

    /// Waits until the process ends, and asserts that it restored the terminal.
    #[track_caller]
    pub fn wait_for_end_and_terminal(&mut self) -> ExitStatus {
        let status = self.wait_for_end();
        // The last output may arrive late.
        self.wait_for("the main screen", |terminal| {
            let screen = terminal.screen();
            !screen.alternate_screen() && !screen.hide_cursor()
        });
        assert!(!self.screen().bracketed_paste(), "bracketed paste is on");
        assert_eq!(self.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(self.has_its_modes(), "was {}, is {}", self.modes, modes(&*self.master));
        status
    }

    /// While this is locked, the terminal does not read.
    pub fn reading(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.reader.turn)
    }

    /// Closes the keyboard. That always types Ctrl-J and Ctrl-D.
    pub fn type_no_more(&mut self) {
        self.keyboard = None;
    }

    /// Closes the terminal, like a window.
    pub fn close(mut self) -> Process {
        self.type_no_more();
        let Self { output, reader, master, slave, process, .. } = self;
        // This output lets the reading thread notice that it has to end.
        reader.leave.store(true, Ordering::SeqCst);
        let mut other_end = File::options().write(true).open(master.tty_name().unwrap()).unwrap();
        other_end.write_all(b" ").unwrap();
        reader.thread.join().unwrap();
        drop((output, other_end, master, slave));
        process
    }

    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.written.extend_from_slice(bytes);
    }

    fn framed_screen(&self) -> String {
        let (columns, _) = self.screen().size();
        let edge = "-".repeat(usize::from(columns.get()));
        format!("{edge}\n{}\n{edge}", self.screen().contents())
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn nonzero(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a test has to time out")]
fn now() -> Instant {
    Instant::now()
}

/// Whether a process is stopped.
pub fn is_stopped(process: i32) -> bool {
    state(process) == Some('T')
}

/// Whether the main thread of a process sleeps.
pub fn is_asleep(process: i32) -> bool {
    state(process) == Some('S')
}

/// The state of a process's main thread. In the file it follows the name in parentheses.
fn state(process: i32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

/// Whether the main thread of a process is blocked in a write to standard output.
pub fn is_writing(process: i32) -> bool {
    // The number of the system call, then its arguments. The first argument of a write is the file.
    std::fs::read_to_string(format!("/proc/{process}/syscall"))
        .is_ok_and(|call| call.split_whitespace().nth(1) == Some("0x1"))
}
