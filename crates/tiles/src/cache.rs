//! Tiles of one state of the data, kept until the next one is published.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tiles, up to so many bytes; the oldest go first. All go when they are asked for in a newer state.
pub struct Cache {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    state: (u64, i32),
    bytes: usize,
    tiles: HashMap<String, Arc<[u8]>>,
    order: VecDeque<String>,
}

impl Cache {
    /// A cache of so many bytes.
    pub fn new(most: usize) -> Cache {
        Cache {
            most,
            kept: Mutex::new(Kept::default()),
        }
    }

    /// The tile of a name in a state: the number of a transaction, and a day.
    pub fn get(&self, state: (u64, i32), name: &str) -> Option<Arc<[u8]>> {
        let mut kept = self.lock();
        kept.renew(state);
        match kept.state == state {
            true => kept.tiles.get(name).cloned(),
            false => None,
        }
    }

    /// Keeps a tile, unless it is of a state that has passed.
    pub fn put(&self, state: (u64, i32), name: String, tile: Arc<[u8]>) {
        let mut kept = self.lock();
        kept.renew(state);
        let size = tile.len() + name.len();
        if kept.state != state || size > self.most || kept.tiles.contains_key(&name) {
            return;
        }
        kept.bytes += size;
        kept.order.push_back(name.clone());
        kept.tiles.insert(name, tile);
        while kept.bytes > self.most {
            let Some(oldest) = kept.order.pop_front() else {
                break;
            };
            if let Some(tile) = kept.tiles.remove(&oldest) {
                kept.bytes -= tile.len() + oldest.len();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn renew(&mut self, state: (u64, i32)) {
        if state > self.state {
            *self = Kept {
                state,
                ..Kept::default()
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_state_forgets_and_old_tiles_make_room() {
        let cache = Cache::new(30);
        let tile = |size: usize| Arc::from(vec![0u8; size]);
        cache.put((1, 0), "a".to_string(), tile(10));
        cache.put((1, 0), "b".to_string(), tile(10));
        assert!(cache.get((1, 0), "a").is_some());
        cache.put((1, 0), "c".to_string(), tile(10));
        assert!(cache.get((1, 0), "a").is_none() && cache.get((1, 0), "c").is_some());
        assert!(cache.get((2, 0), "c").is_none());
        cache.put((1, 0), "late".to_string(), tile(1));
        assert!(cache.get((1, 0), "late").is_none());
        cache.put((2, 0), "huge".to_string(), tile(31));
        assert!(cache.get((2, 0), "huge").is_none());
    }
}
