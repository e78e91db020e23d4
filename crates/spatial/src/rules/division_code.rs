//! Division codes: GB/T 2260 (province, city, county) and GB/T 10114 (town), and the twelve digits of
//! the National Bureau of Statistics that add the village.
//!
//! Two digits each for province, city and county, three each for town and village. The canonical form
//! has all twelve, filled with zeros on the right; sources write 2, 4, 6, 9 or 12 of them. The nation
//! is 000000000000.
//!
//! A part may be left out in two places only: counties directly under a province may have city 00
//! (460021, until 1990s), and towns directly under a city without counties have county 00
//! (441900003000 in 东莞). Whether a code was ever given to a division is not asked here: see
//! the code list `region-history` for counties and above, and the register's own divisions for the rest.

use std::fmt;

/// The digits up to the end of each level's part.
const ENDS: [usize; 5] = [2, 4, 6, 9, 12];

/// A division code of twelve digits. Ordered as text, so that a division comes right before what lies
/// in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode([u8; 12]);

/// The level of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DivisionLevel {
    /// The nation.
    Nation,
    /// Province, autonomous region, municipality, special administrative region (省级).
    Province,
    /// City, prefecture, league (地级).
    City,
    /// District, county, county-level city, banner (县级).
    County,
    /// Street, town, township (乡级).
    Town,
    /// Residents' or villagers' committee (村级).
    Village,
}

/// What a town is, by the first digit of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TownKind {
    /// 001–099: street (街道).
    Street,
    /// 100–199: town (镇).
    Town,
    /// 200–399: township (乡). The standard's tables begin at 200; 300–399 is in use for townships too
    /// (51 in the codes of 2023, all of them 乡).
    Township,
    /// 400–599: a unit that is no town but is counted as one: development zones, farms, airports.
    Quasi,
}

/// What a village is, by the first digit of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VillageKind {
    /// 001–199: residents' committee (居民委员会).
    ResidentsCommittee,
    /// 200–399: villagers' committee (村民委员会).
    VillagersCommittee,
    /// 400–599: a unit that is neither but is counted as one.
    Quasi,
}

/// Why a text is no division code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DivisionCodeError {
    /// Something else than digits.
    #[error("expected digits only")]
    Form,
    /// A number of digits that ends inside a part.
    #[error("expected 2, 4, 6, 9 or 12 digits, found {0}")]
    Length(usize),
    /// A part is zero, but one below it is not.
    #[error("the {level:?} part is zero although a lower part is not")]
    Gap {
        /// The level of the part that is zero.
        level: DivisionLevel,
    },
}

impl DivisionCode {
    /// The nation.
    pub const NATION: DivisionCode = DivisionCode([b'0'; 12]);

    /// Reads 2, 4, 6, 9 or 12 digits, full-width or not; white space around them is ignored.
    ///
    /// # Errors
    /// See [`DivisionCodeError`].
    pub fn parse(input: &str) -> Result<DivisionCode, DivisionCodeError> {
        let mut digits = [b'0'; 12];
        let mut length = 0;
        for character in input.trim().chars() {
            let digit = match character {
                '0'..='9' => character as u8,
                '０'..='９' => b'0' + (character as u32 - '０' as u32) as u8,
                _ => return Err(DivisionCodeError::Form),
            };
            if let Some(place) = digits.get_mut(length) {
                *place = digit;
            }
            length += 1;
        }
        if !ENDS.contains(&length) {
            return Err(DivisionCodeError::Length(length));
        }
        let code = DivisionCode(digits);
        match code.gap() {
            Some(level) => Err(DivisionCodeError::Gap { level }),
            None => Ok(code),
        }
    }

    fn gap(self) -> Option<DivisionLevel> {
        let [province, city, county, town, village] = self.parts().map(|part| part > 0);
        if !province && (city || county || town || village) {
            Some(DivisionLevel::Province)
        } else if !city && !county && (town || village) {
            Some(DivisionLevel::County)
        } else if !town && village {
            Some(DivisionLevel::Town)
        } else {
            None
        }
    }

    /// The numbers of province, city, county, town and village.
    pub fn parts(self) -> [u16; 5] {
        let mut start = 0;
        ENDS.map(|end| {
            let part = &self.0[start..end];
            start = end;
            part.iter()
                .fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
        })
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits without the zeros that fill: 2, 4, 6, 9 or 12; none for the nation.
    pub fn short(&self) -> &str {
        &self.as_str()[..self.length()]
    }

    fn length(self) -> usize {
        match self.level() {
            DivisionLevel::Nation => 0,
            DivisionLevel::Province => 2,
            DivisionLevel::City => 4,
            DivisionLevel::County => 6,
            DivisionLevel::Town => 9,
            DivisionLevel::Village => 12,
        }
    }

    /// The level: that of the last part which is not zero.
    pub fn level(self) -> DivisionLevel {
        match self.parts() {
            [0, 0, 0, 0, 0] => DivisionLevel::Nation,
            [_, 0, 0, 0, 0] => DivisionLevel::Province,
            [_, _, 0, 0, 0] => DivisionLevel::City,
            [_, _, _, 0, 0] => DivisionLevel::County,
            [_, _, _, _, 0] => DivisionLevel::Town,
            _ => DivisionLevel::Village,
        }
    }

    fn cut(self, length: usize) -> DivisionCode {
        let mut digits = [b'0'; 12];
        digits[..length].copy_from_slice(&self.0[..length]);
        DivisionCode(digits)
    }

    /// The code above: of the nearest level whose part is not zero. The nation has none.
    pub fn parent(self) -> Option<DivisionCode> {
        let length = self.length();
        let end = ENDS.iter().rev().find(|end| **end < length);
        match (length, end) {
            (0, _) => None,
            (_, None) => Some(DivisionCode::NATION),
            (_, Some(end)) => {
                let cut = self.cut(*end);
                Some(if cut.length() == *end {
                    cut
                } else {
                    // A part left out: what is cut already has the level above it.
                    cut.cut(cut.length())
                })
            }
        }
    }

    /// The codes above, from the nearest up to the nation.
    pub fn ancestors(self) -> impl Iterator<Item = DivisionCode> {
        std::iter::successors(self.parent(), |code| code.parent())
    }

    /// Whether this is the other division or lies in it, by their codes.
    pub fn is_within(self, other: DivisionCode) -> bool {
        self.0.starts_with(&other.0[..other.length()])
    }

    /// What the town is that this code names or lies in; `None` above towns and for parts from 600 on,
    /// which are not assigned.
    pub fn town_kind(self) -> Option<TownKind> {
        match self.parts()[3] {
            1..100 => Some(TownKind::Street),
            100..200 => Some(TownKind::Town),
            200..400 => Some(TownKind::Township),
            400..600 => Some(TownKind::Quasi),
            _ => None,
        }
    }

    /// What the village is that this code names; `None` above villages and for parts from 600 on.
    pub fn village_kind(self) -> Option<VillageKind> {
        match self.parts()[4] {
            1..200 => Some(VillageKind::ResidentsCommittee),
            200..400 => Some(VillageKind::VillagersCommittee),
            400..600 => Some(VillageKind::Quasi),
            _ => None,
        }
    }
}

impl std::str::FromStr for DivisionCode {
    type Err = DivisionCodeError;

    fn from_str(input: &str) -> Result<DivisionCode, DivisionCodeError> {
        DivisionCode::parse(input)
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
