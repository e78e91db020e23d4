//! What may be done to a request, by whom, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::Form;
use record::Day;

use super::check;
use super::clock::{Awaited, Clock};
use super::request::{Answer, Request, Speaker, State, Term, Wish};
use super::{Desk, step, today};
use crate::error::DeskError;
use crate::papers;

impl Desk {
    /// A department asks for something.
    ///
    /// # Errors
    ///
    /// [`DeskError::Invalid`] with all that is wrong with the wish; it cannot be kept.
    pub fn apply(&self, wish: Wish, by: &Speaker) -> Result<Arc<Request>, DeskError> {
        self.check(&wish)?;
        let _changing = self.requests.lock();
        let request = Request {
            id: papers::new_name('Q')?,
            applicant: by.department.clone(),
            answers: self.providers(&wish),
            wish,
            state: State::Applied,
            clock: Some(self.clock(Awaited::Conformity, today())),
            granted: None,
            term: None,
            history: vec![step(by, State::Applied, "")],
        };
        self.keep_request(request)
    }

    /// The applicant mends what was returned.
    ///
    /// # Errors
    ///
    /// As [`Desk::apply`]; it was not returned; it is another department's.
    pub fn resubmit(&self, id: &str, wish: Wish, by: &Speaker) -> Result<Arc<Request>, DeskError> {
        self.change(id, by, &[State::Returned], |request| {
            expect_applicant(request, by)?;
            self.check(&wish)?;
            request.answers = self.providers(&wish);
            request.wish = wish.clone();
            Ok(self.move_on(request, State::Applied, Some(Awaited::Conformity), ""))
        })
    }

    /// The supervisor says whether a request conforms.
    ///
    /// # Errors
    ///
    /// Somebody else says so; it was checked before.
    pub fn conform(
        &self,
        id: &str,
        conforms: bool,
        note: &str,
        by: &Speaker,
    ) -> Result<Arc<Request>, DeskError> {
        self.change(id, by, &[State::Applied], |request| {
            if !self.is_supervisor(&by.department) {
                return Err(DeskError::NotYours(self.rules.supervisor.clone()));
            }
            check_note(note, !conforms)?;
            Ok(match conforms {
                true => self.move_on(request, State::Conforming, Some(Awaited::Answer), note),
                false => self.move_on(request, State::Returned, None, note),
            })
        })
    }

    /// A provider answers for its fields. Once all have, it is granted or refused.
    ///
    /// # Errors
    ///
    /// The department answers for none of the fields, or has answered; the answer gives more than was
    /// asked for.
    pub fn answer(
        &self,
        id: &str,
        answer: Answer,
        by: &Speaker,
    ) -> Result<Arc<Request>, DeskError> {
        self.change(id, by, &[State::Conforming], |request| {
            let own = self.own_fields(&request.wish, &by.department);
            match request.answers.get(&by.department) {
                None => return Err(not_a_provider(request)),
                Some(Some(_)) => {
                    return Err(DeskError::State {
                        found: "answered",
                        expected: State::Conforming.name().to_string(),
                    });
                }
                Some(None) => {}
            }
            let faults = check::answer(&answer, &request.wish, &own);
            if !faults.is_empty() {
                return Err(DeskError::Invalid(faults));
            }
            let note = answer.note.clone();
            let department = by.department.clone();
            request.answers.insert(department, Some(answer.clone()));
            if request.waits_for().next().is_some() {
                // The clock runs on for the others.
                return Ok((State::Conforming, note));
            }
            let granted = self.granted(request);
            if granted.is_empty() {
                return Ok(self.move_on(request, State::Refused, None, &note));
            }
            request.granted = Some(granted);
            let sharing = self.catalog.sharing.get(&request.wish.collection);
            let is_published = sharing
                .and_then(|one| one.published)
                .is_some_and(|day| day <= today());
            Ok(match is_published {
                true => self.grant(request, &note),
                false => self.move_on(
                    request,
                    State::Publishing,
                    Some(Awaited::Publication),
                    &note,
                ),
            })
        })
    }

    /// The provider has published what was granted: the grant begins.
    ///
    /// # Errors
    ///
    /// It does not wait for that; the department does not answer for it.
    pub fn publish(&self, id: &str, note: &str, by: &Speaker) -> Result<Arc<Request>, DeskError> {
        self.change(id, by, &[State::Publishing], |request| {
            if !request.answers.contains_key(&by.department) {
                return Err(not_a_provider(request));
            }
            check_note(note, false)?;
            Ok(self.grant(request, note))
        })
    }

    /// The applicant takes a request back.
    ///
    /// # Errors
    ///
    /// It is granted or refused already; it is another department's.
    pub fn withdraw(&self, id: &str, note: &str, by: &Speaker) -> Result<Arc<Request>, DeskError> {
        let open = [
            State::Applied,
            State::Returned,
            State::Conforming,
            State::Publishing,
        ];
        self.change(id, by, &open, |request| {
            expect_applicant(request, by)?;
            check_note(note, false)?;
            Ok(self.move_on(request, State::Withdrawn, None, note))
        })
    }

    /// A provider or the supervisor takes a grant back, from now on.
    ///
    /// # Errors
    ///
    /// Nothing is granted; the department has no say in it; no reason is given.
    pub fn revoke(&self, id: &str, note: &str, by: &Speaker) -> Result<Arc<Request>, DeskError> {
        self.change(id, by, &[State::Granted], |request| {
            let is_provider = request.answers.contains_key(&by.department);
            if !is_provider && !self.is_supervisor(&by.department) {
                return Err(not_a_provider(request));
            }
            check_note(note, true)?;
            Ok(self.move_on(request, State::Revoked, None, note))
        })
    }

    /// Carries out a step on a request in one of these states, for a department that may know of it.
    fn change(
        &self,
        id: &str,
        by: &Speaker,
        states: &[State],
        act: impl FnOnce(&mut Request) -> Result<(State, String), DeskError>,
    ) -> Result<Arc<Request>, DeskError> {
        let _changing = self.requests.lock();
        let mut request = self.request(id, &by.department)?.as_ref().clone();
        let state = request.state_on(today());
        if !states.contains(&state) {
            let names: Vec<&str> = states.iter().map(|one| one.name()).collect();
            return Err(DeskError::State {
                found: state.name(),
                expected: names.join(", "),
            });
        }
        let (state, note) = act(&mut request)?;
        request.history.push(step(by, state, &note));
        self.keep_request(request)
    }

    fn move_on(
        &self,
        request: &mut Request,
        state: State,
        awaited: Option<Awaited>,
        note: &str,
    ) -> (State, String) {
        request.state = state;
        request.clock = awaited.map(|awaited| self.clock(awaited, today()));
        (state, note.to_string())
    }

    fn grant(&self, request: &mut Request, note: &str) -> (State, String) {
        let from = today();
        request.term = Some(Term {
            from,
            until: Day(from.0 + i32::from(request.wish.days)),
        });
        self.move_on(request, State::Granted, None, note)
    }

    fn clock(&self, awaited: Awaited, began: Day) -> Clock {
        let (requests, objections) = (&self.rules.requests, &self.rules.objections);
        let days = match awaited {
            Awaited::Conformity => requests.conformity,
            Awaited::Answer => requests.answer,
            Awaited::Publication => requests.publication,
            Awaited::Acceptance => objections.acceptance,
            Awaited::Verification => objections.verification,
        };
        Clock {
            awaited,
            began,
            days,
        }
    }

    /// A clock that begins today.
    pub(super) fn begin(&self, awaited: Awaited) -> Clock {
        self.clock(awaited, today())
    }

    fn check(&self, wish: &Wish) -> Result<(), DeskError> {
        let longest = self.rules.requests.longest_grant;
        let faults = check::wish(wish, &self.catalog, &self.words, longest);
        match faults.is_empty() {
            true => Ok(()),
            false => Err(DeskError::Invalid(faults)),
        }
    }

    /// The departments that answer for the fields of a wish.
    fn providers(&self, wish: &Wish) -> BTreeMap<String, Option<Answer>> {
        let collection = self.catalog.collection(&wish.collection);
        let names = wish.fields.keys();
        let fields = names.filter_map(|name| Some(collection?.field(name)?.1));
        fields
            .map(|field| (field.authority.responsible.clone(), None))
            .collect()
    }

    /// The fields of a wish for which a department answers.
    fn own_fields(&self, wish: &Wish, department: &str) -> BTreeSet<String> {
        let collection = self.catalog.collection(&wish.collection);
        let is_own = |name: &&String| {
            let field = collection.and_then(|one| one.field(name));
            field.is_some_and(|(_, field)| field.authority.responsible == department)
        };
        wish.fields.keys().filter(is_own).cloned().collect()
    }

    /// What is granted once all have answered: of each field what its provider agreed to.
    fn granted(&self, request: &Request) -> BTreeMap<String, Form> {
        let mut granted = BTreeMap::new();
        for (department, answer) in &request.answers {
            let Some(answer) = answer.as_ref().filter(|answer| answer.agree) else {
                continue;
            };
            for name in self.own_fields(&request.wish, department) {
                let less = answer.fields.as_ref().map(|less| less.get(&name));
                let form = match less {
                    None => request.wish.fields.get(&name).cloned(),
                    Some(form) => form.cloned(),
                };
                if let Some(form) = form.filter(|form| *form != Form::Hidden) {
                    granted.insert(name, form);
                }
            }
        }
        granted
    }
}

fn expect_applicant(request: &Request, by: &Speaker) -> Result<(), DeskError> {
    match request.applicant == by.department {
        true => Ok(()),
        false => Err(DeskError::NotYours(request.applicant.clone())),
    }
}

fn not_a_provider(request: &Request) -> DeskError {
    let providers: Vec<&str> = request.answers.keys().map(String::as_str).collect();
    DeskError::NotYours(providers.join(", "))
}

/// Refuses a note that is too long, or missing where it is needed.
pub(super) fn check_note(note: &str, is_needed: bool) -> Result<(), DeskError> {
    let length = note.chars().count();
    let longest = check::LONGEST_TEXT;
    if length > longest || (is_needed && note.trim().is_empty()) {
        let least = usize::from(is_needed);
        let expected = record::prose!(
            "{least} 至 {longest} 个字符的理由",
            "a reason of {least} to {longest} characters"
        );
        let found = record::prose!("{length} 个字符", "{length} characters");
        return Err(DeskError::Invalid(vec![crate::error::Fault::new(
            "/note", found, expected,
        )]));
    }
    Ok(())
}
