//! Private files and directories.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use crate::error::FileError;

/// Whether a symbolic link may stand in for the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// A person may keep the file elsewhere.
    Follow,
    /// There is no reason for a link, and one could make tickler write to a place that somebody else chose.
    Refuse,
}

/// Opens a file for reading and appending, and creates it for its owner alone. An existing file becomes private, if we may
/// change it.
///
/// Never use it for a file of SQLite: closing the file would drop the locks that SQLite holds on it in this process.
///
/// # Errors
/// When it is not a file, or the system refuses.
pub fn open_private(path: &Path, links: Links) -> Result<File, FileError> {
    match options(links).create_new(true).open(path) {
        Ok(file) => {
            // The umask may have taken permissions of the owner, too.
            set_mode(&file, 0o600).map_err(|source| FileError::io(path, source))?;
            Ok(file)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => open_existing(path, links),
        Err(source) => Err(FileError::io(path, source)),
    }
}

fn open_existing(path: &Path, links: Links) -> Result<File, FileError> {
    let failed = |source| FileError::io(path, source);
    // Checked before the file is opened: opening a device may have an effect.
    refuse_kind(path, &look(path, links).map_err(failed)?)?;
    let file = options(links).open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    refuse_kind(path, &metadata)?;
    if let Some(mode) = wider_than_private(&metadata)
        && let Err(error) = set_mode(&file, mode)
        && !is_not_ours(&error)
    {
        return Err(failed(error));
    }
    Ok(file)
}

/// Creates an empty file for its owner alone if it is missing. An existing one becomes private, if we may change it, and
/// is not opened: closing it would drop the locks that SQLite holds on it in this process. Follows links.
///
/// # Errors
/// When it is not a file, or the system refuses.
pub fn make_private_file(path: &Path) -> Result<(), FileError> {
    let failed = |source| FileError::io(path, source);
    match options(Links::Follow).create_new(true).open(path) {
        Ok(file) => return set_mode(&file, 0o600).map_err(failed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => {
            // A read-only disk refuses although the file is there.
            return if refuse_other_kinds(path)?.is_some() { Ok(()) } else { Err(failed(error)) };
        }
    }
    let Some(metadata) = refuse_other_kinds(path)? else {
        // A link to a file that does not exist.
        return options(Links::Follow).create(true).open(path).map(drop).map_err(failed);
    };
    if let Some(mode) = wider_than_private(&metadata)
        && let Err(error) = set_mode_of(path, mode)
        && !is_not_ours(&error)
    {
        return Err(failed(error));
    }
    Ok(())
}

/// What is at this path, without opening it: `None` if nothing is. Follows links.
///
/// # Errors
/// When it is not a file, or the system refuses to look.
pub fn refuse_other_kinds(path: &Path) -> Result<Option<Metadata>, FileError> {
    match path.metadata() {
        Ok(metadata) => refuse_kind(path, &metadata).map(|()| Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FileError::io(path, source)),
    }
}

/// The text of a file; `None` if there is no file. Follows links.
///
/// # Errors
/// When it is not a file, or it cannot be read.
pub fn read_to_string(path: &Path) -> Result<Option<String>, FileError> {
    let Some(mut file) = open_to_read(path, Links::Follow)? else { return Ok(None) };
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|source| FileError::io(path, source))?;
    Ok(Some(text))
}

/// Opens a file for reading; `None` if there is no file.
pub(crate) fn open_to_read(path: &Path, links: Links) -> Result<Option<File>, FileError> {
    let failed = |source| FileError::io(path, source);
    // Checked before the file is opened: opening a device may have an effect.
    match look(path, links) {
        Ok(metadata) => refuse_kind(path, &metadata)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    }
    let mut options = OpenOptions::new();
    options.read(true);
    never_block(&mut options, links);
    let file = options.open(path).map_err(failed)?;
    refuse_kind(path, &file.metadata().map_err(failed)?)?;
    Ok(Some(file))
}

/// Creates a directory, and what is missing above it, for its owner alone, whatever the umask is. An existing directory
/// stays as it is.
///
/// # Errors
/// When the system refuses.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() || path.as_os_str().is_empty() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_private_directory(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => set_mode_of(path, 0o700),
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

fn look(path: &Path, links: Links) -> io::Result<Metadata> {
    match links {
        Links::Follow => path.metadata(),
        Links::Refuse => path.symlink_metadata(),
    }
}

fn options(links: Links) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    never_block(&mut options, links);
    options
}

/// Opens without blocking, even if something else stands there by now.
#[cfg(unix)]
fn never_block(options: &mut OpenOptions, links: Links) {
    let follow = match links {
        Links::Follow => 0,
        Links::Refuse => libc::O_NOFOLLOW,
    };
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NONBLOCK | libc::O_NOCTTY | follow);
}

#[cfg(not(unix))]
fn never_block(_: &mut OpenOptions, _: Links) {}

fn refuse_kind(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    match kind(metadata) {
        None => Ok(()),
        Some(kind) => Err(FileError::NotAFile { path: path.to_owned(), kind }),
    }
}

/// What stands there, if it is not a file.
fn kind(metadata: &Metadata) -> Option<&'static str> {
    let file_type = metadata.file_type();
    if file_type.is_file() {
        return None;
    }
    if file_type.is_dir() {
        return Some("a directory");
    }
    if file_type.is_symlink() {
        return Some("a symbolic link");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if file_type.is_fifo() {
            return Some("a FIFO");
        }
        if file_type.is_socket() {
            return Some("a socket");
        }
    }
    Some("a device")
}

/// The mode without the permissions of others, if they have any.
#[cfg(unix)]
fn wider_than_private(metadata: &Metadata) -> Option<u32> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
    (mode & 0o077 != 0).then_some(mode & 0o700)
}

#[cfg(not(unix))]
fn wider_than_private(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if file.metadata()?.permissions().mode() & 0o777 == mode {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Sets the mode of the file or directory at this path.
#[cfg(unix)]
fn set_mode_of(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode_of(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Whether we may not change the mode, because somebody else owns the file or the disk is read-only. It can be used as it
/// is, then.
fn is_not_ours(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Takes the permissions of others from a directory that is ours, if we may change it.
pub fn restrict_directory(path: &Path) {
    let Ok(metadata) = path.metadata() else { return };
    if let Some(mode) = wider_than_private(&metadata).filter(|_| metadata.is_dir()) {
        // It can be used as it is.
        drop(set_mode_of(path, mode));
    }
}
