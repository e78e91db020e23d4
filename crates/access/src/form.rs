//! In which form a field is seen.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// In which form a field is seen. Of two forms the later one says more, masks among themselves aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As if there were no such field.
    #[default]
    Hidden,
    /// Not there, but a value claimed may be compared with it.
    Verify,
    /// Through a mask of `schemas/access/masks.toml`, by its name. It is shown, and cannot be asked by.
    Masked(String),
    /// As it is.
    Full,
}

impl Form {
    /// The form of this name: `hidden`, `verify`, `full`, or else the name of a mask.
    pub fn of(name: &str) -> Form {
        match name {
            "hidden" => Form::Hidden,
            "verify" => Form::Verify,
            "full" => Form::Full,
            mask => Form::Masked(mask.to_string()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Form::Hidden => "hidden",
            Form::Verify => "verify",
            Form::Full => "full",
            Form::Masked(mask) => mask,
        }
    }

    /// Whether values are shown, masked or not.
    pub fn is_shown(&self) -> bool {
        *self >= Form::Masked(String::new())
    }

    /// How much it tells, whatever the mask: 0 nothing, 3 all.
    pub fn rank(&self) -> u8 {
        match self {
            Form::Hidden => 0,
            Form::Verify => 1,
            Form::Masked(_) => 2,
            Form::Full => 3,
        }
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Form, D::Error> {
        Ok(Form::of(&String::deserialize(deserializer)?))
    }
}
