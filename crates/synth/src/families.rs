//! Households put together from an age pyramid: couples, their children, their parents, and those
//! who live alone or in collective households.
//!
//! People are drawn by age and sex first, so that the pyramid holds, and then matched.

use crate::city::City;
use crate::numbers::Sex;
use crate::random::Random;

/// Ages 0 to 104.
const AGES: usize = 105;

/// What a member is to the head of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Head,
    Spouse,
    Son,
    Daughter,
    Father,
    Mother,
    /// No relative: collective households.
    Other,
}

/// A member of a household.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Age at the end of the reference year.
    pub(crate) age: u8,
    pub(crate) sex: Sex,
    pub(crate) role: Role,
    /// Lives with husband or wife.
    pub(crate) coupled: bool,
}

/// Those who live together; the head comes first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Household {
    pub(crate) members: Vec<Member>,
    /// Not a family: workmates or students.
    pub(crate) collective: bool,
    /// Children still to come.
    room: u8,
}

impl Household {
    /// The couple's husband and wife, as first and second member.
    fn couple(&self) -> Option<(u8, u8)> {
        match self.members.as_slice() {
            [husband, wife, ..] if wife.role == Role::Spouse => Some((husband.age, wife.age)),
            _ => None,
        }
    }
}

/// People not yet in a household.
struct Unplaced {
    counts: [[u32; AGES]; 2],
}

impl Unplaced {
    fn take(&mut self, sex: Sex, age: usize) -> bool {
        let count = &mut self.counts[sex as usize][age];
        let found = *count > 0;
        *count -= u32::from(found);
        found
    }

    /// Takes the one nearest to `wanted` from `low` to `high`.
    fn take_nearest(&mut self, sex: Sex, wanted: usize, low: usize, high: usize) -> Option<usize> {
        nearest(wanted, low, high.min(AGES - 1), |age| {
            self.counts[sex as usize][age] > 0
        })
        .filter(|&age| self.take(sex, age))
    }
}

/// The age nearest to `wanted` from `low` to `high` that fits.
fn nearest(wanted: usize, low: usize, high: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let above = (wanted.max(low)..=high).find(|&age| fits(age));
    let below = (low..wanted.min(high + 1)).rev().find(|&age| fits(age));
    match (above, below) {
        (Some(above), Some(below)) if above - wanted <= wanted - below => Some(above),
        (Some(above), None) => Some(above),
        (_, below) => below,
    }
}

fn member(age: usize, sex: Sex, role: Role, coupled: bool) -> Member {
    Member {
        age: age as u8,
        sex,
        role,
        coupled,
    }
}

/// Draws `persons` people and puts them into households, in random order.
pub(crate) fn assemble(city: &City, persons: u32, random: &mut Random) -> Vec<Household> {
    let mut unplaced = Unplaced {
        counts: [[0; AGES]; 2],
    };
    for _ in 0..persons {
        let (from, female) = city.pyramid[city.pyramid_choice.draw(random)];
        let age = usize::from(from) + random.index(5);
        unplaced.counts[usize::from(female)][age] += 1;
    }
    let mut households = marry(&mut unplaced, random);
    add_children(&mut households, &mut unplaced, random);
    add_parents(&mut households, &mut unplaced, random);
    add_singles(&mut households, &mut unplaced, random);
    households.retain(|household| !household.members.is_empty());
    random.shuffle(&mut households);
    households
}

fn marry(unplaced: &mut Unplaced, random: &mut Random) -> Vec<Household> {
    let mut households = Vec::new();
    for wife in 20..AGES {
        let share = match wife {
            20..25 => 0.22,
            25..30 => 0.65,
            30..65 => 0.92,
            65..75 => 0.8,
            _ => 0.5,
        };
        for _ in 0..unplaced.counts[1][wife] {
            let wanted = wife + *random.pick(&[0, 0, 1, 1, 2, 2, 3, 4, 6]);
            if !random.chance(share) {
                continue;
            }
            let least = (wife - 2).max(22);
            let Some(husband) = unplaced.take_nearest(Sex::Male, wanted, least, wife + 9) else {
                continue;
            };
            unplaced.take(Sex::Female, wife);
            let room = match random.below(100) {
                0..15 => 0,
                15..70 => 1,
                _ => 2,
            };
            households.push(Household {
                members: vec![
                    member(husband, Sex::Male, Role::Head, true),
                    member(wife, Sex::Female, Role::Spouse, true),
                ],
                room,
                ..Household::default()
            });
        }
    }
    households
}

/// Gives every minor, and half of those up to 29, a mother 20 to 44 years older.
fn add_children(households: &mut Vec<Household>, unplaced: &mut Unplaced, random: &mut Random) {
    // Households by the wife's age: those with room for children, and all.
    let mut open: Vec<Vec<usize>> = vec![Vec::new(); AGES];
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); AGES];
    for (number, household) in households.iter().enumerate() {
        if let Some((_, wife)) = household.couple() {
            all[usize::from(wife)].push(number);
            if household.room > 0 {
                open[usize::from(wife)].push(number);
            }
        }
    }
    for age in 0..30 {
        for sex in [Sex::Male, Sex::Female] {
            for _ in 0..unplaced.counts[sex as usize][age] {
                if age >= 18 && !random.chance(0.55) {
                    continue;
                }
                let wanted = age + 22 + random.index(8) + random.index(6);
                let found = nearest(wanted, age + 20, age + 44, |mother| {
                    !open[mother].is_empty()
                });
                let home = if let Some(mother) = found {
                    let place = random.index(open[mother].len());
                    let home = open[mother][place];
                    households[home].room -= 1;
                    if households[home].room == 0 {
                        open[mother].swap_remove(place);
                    }
                    home
                } else if age >= 18 {
                    continue;
                } else if let Some(mother) =
                    nearest(wanted, age + 20, age + 44, |mother| !all[mother].is_empty())
                {
                    *random.pick(&all[mother])
                } else if let Some(mother) =
                    unplaced.take_nearest(Sex::Female, wanted, age + 20, age + 44)
                {
                    let head = member(mother, Sex::Female, Role::Head, false);
                    households.push(Household {
                        members: vec![head],
                        ..Household::default()
                    });
                    households.len() - 1
                } else {
                    // No possible mother in a very small village: an adult takes the child's place.
                    unplaced.take(sex, age);
                    unplaced.counts[sex as usize][25 + random.index(30)] += 1;
                    continue;
                };
                unplaced.take(sex, age);
                let role = if sex == Sex::Male {
                    Role::Son
                } else {
                    Role::Daughter
                };
                households[home].members.push(member(age, sex, role, false));
            }
        }
    }
}

/// Lets some of the old live with a son who is 20 to 42 years younger.
fn add_parents(households: &mut [Household], unplaced: &mut Unplaced, random: &mut Random) {
    let mut hosts: Vec<Vec<usize>> = vec![Vec::new(); AGES];
    let mut old_couples = Vec::new();
    for (number, household) in households.iter().enumerate() {
        if let Some((husband, wife)) = household.couple() {
            if husband.max(wife) < 60 {
                hosts[usize::from(husband)].push(number);
            } else if household.members.len() == 2 && wife >= 55 && random.chance(0.14) {
                old_couples.push(number);
            }
        }
    }
    let mut host = |youngest: usize, oldest: usize, random: &mut Random| {
        let wanted = youngest.saturating_sub(22 + random.index(10));
        let low = oldest.saturating_sub(42).max(22);
        let age = nearest(wanted, low, youngest.saturating_sub(20), |son| {
            !hosts[son].is_empty()
        })?;
        let place = random.index(hosts[age].len());
        Some(hosts[age].swap_remove(place))
    };
    for number in old_couples {
        let Some((husband, wife)) = households[number].couple() else {
            continue;
        };
        let (husband, wife) = (usize::from(husband), usize::from(wife));
        if let Some(home) = host(husband.min(wife), husband.max(wife), random) {
            households[number].members.clear();
            let parents = [
                member(husband, Sex::Male, Role::Father, true),
                member(wife, Sex::Female, Role::Mother, true),
            ];
            households[home].members.extend(parents);
        }
    }
    for age in 62..AGES {
        for (sex, role) in [(Sex::Male, Role::Father), (Sex::Female, Role::Mother)] {
            for _ in 0..unplaced.counts[sex as usize][age] {
                if !random.chance(0.4) {
                    continue;
                }
                if let Some(home) = host(age, age, random) {
                    unplaced.take(sex, age);
                    households[home].members.push(member(age, sex, role, false));
                }
            }
        }
    }
}

fn add_singles(households: &mut Vec<Household>, unplaced: &mut Unplaced, random: &mut Random) {
    let mut collective = Household::default();
    let mut wanted = 0;
    for age in 0..AGES {
        for sex in [Sex::Male, Sex::Female] {
            for _ in 0..std::mem::take(&mut unplaced.counts[sex as usize][age]) {
                if (18..30).contains(&age) && random.chance(0.15) {
                    if collective.members.is_empty() {
                        wanted = 2 + random.index(5);
                    }
                    let role = if collective.members.is_empty() {
                        Role::Head
                    } else {
                        Role::Other
                    };
                    collective.members.push(member(age, sex, role, false));
                    collective.collective = true;
                    if collective.members.len() == wanted {
                        households.push(std::mem::take(&mut collective));
                    }
                } else {
                    let head = member(age, sex, Role::Head, false);
                    households.push(Household {
                        members: vec![head],
                        ..Household::default()
                    });
                }
            }
        }
    }
    if !collective.members.is_empty() {
        households.push(collective);
    }
}
