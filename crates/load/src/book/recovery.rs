//! After a stop, planned or not: what each load was at, decided by the journal and by what is on the
//! disk, and said in the load's history.

use std::fs;

use record::Problem;

use super::load::{Kind, Load, State};
use super::shelf::UPLOAD;
use super::{Book, BookError};

impl Book {
    /// Brings every load to a state in which it can go on.
    pub(super) fn recover(&self) -> Result<(), BookError> {
        self.remove_halves()?;
        for id in self.shelf().in_state(State::Publishing) {
            self.decide(&id)?;
        }
        // An undo is decided above; here only one is left that never came to be.
        for id in self.shelf().in_state(State::Undoing) {
            self.decide_undone(&id);
        }
        for state in [State::Rehearsing, State::Received, State::Rehearsed] {
            for id in self.shelf().in_state(state) {
                self.look_for_upload(&id);
            }
        }
        for id in self.shelf().in_state(State::Received) {
            self.rehearse_soon(&id);
        }
        Ok(())
    }

    /// Removes uploads that never became loads, and what a discarded load has left.
    fn remove_halves(&self) -> Result<(), BookError> {
        let folder = self.shelf().store.directory().loads();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(|error| BookError::file(&folder, error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| BookError::file(&folder, error))?;
            let found = self.shelf().get(&entry.file_name().to_string_lossy());
            match found.map(|found| found.load) {
                Ok(load) if load.state == State::Discarded => self.shelf().remove(&entry.path())?,
                Ok(load) if load.upload.is_some() => (),
                Ok(_) => self.shelf().remove(&entry.path().join(UPLOAD))?,
                Err(_) => self.shelf().remove(&entry.path())?,
            }
        }
        Ok(())
    }

    /// A load that was being published is what the journal says.
    fn decide(&self, id: &str) -> Result<(), BookError> {
        let load = self.shelf().get(id)?.load;
        let otherwise = match load.kind {
            Kind::File if self.has_upload(&load) => State::Rehearsed,
            _ => State::Failed,
        };
        let code = match self.store().published_as(id)? {
            Some(_) => "published-before-restart",
            None => "not-published-before-restart",
        };
        self.settle_by_journal(id, otherwise, &Problem::new(code, "", "", ""));
        Ok(())
    }

    fn decide_undone(&self, id: &str) {
        let shelf = self.shelf();
        let Ok(found) = shelf.get(id) else { return };
        let undo = found.load.undone_by.as_ref();
        let undo = undo.and_then(|undo| shelf.get(undo).ok());
        if undo.is_some_and(|undo| undo.load.state == State::Published) {
            shelf.settle(id, |load| load.note(State::Undone, "", None));
            return;
        }
        let problem = Problem::new("not-published-before-restart", "", "", "");
        shelf.settle(id, |load| {
            load.undone_by = None;
            load.step(State::Published, "", Some(problem));
        });
    }

    /// Lets a load go on from its upload, or fail where that is gone, as in a restored backup.
    fn look_for_upload(&self, id: &str) {
        let Ok(found) = self.shelf().get(id) else {
            return;
        };
        if !self.has_upload(&found.load) {
            let problem = Problem::new("upload-missing", "", &found.load.file, "");
            self.shelf().settle(id, |load| {
                load.upload = None;
                load.step(State::Failed, "", Some(problem));
            });
        } else if found.load.state == State::Rehearsing {
            let note = Problem::new("rehearsal-restarted", "", "", "");
            self.shelf()
                .settle(id, |load| load.note(State::Received, "", Some(note)));
        }
    }

    /// Whether the upload of a load is there, as long as it came.
    fn has_upload(&self, load: &Load) -> bool {
        let path = self.shelf().upload(load);
        let found = path.and_then(|path| fs::metadata(path).ok());
        found.is_some_and(|found| found.len() == load.size)
    }
}
