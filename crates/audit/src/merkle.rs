//! The Merkle tree of RFC 6962, section 2: heads, proofs of inclusion and of consistency, and their checks.
//!
//! A leaf is the hash of a byte 0 and the entry, an inner node that of a byte 1 and its two children, so that
//! neither passes for the other. The tree over the first `n` entries splits at the largest power of two below
//! `n`: nothing of it ever changes but its right edge. Checks follow RFC 9162, 2.1.3.2 and 2.1.4.2.

use crate::hash::Hash;

/// The hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], entry])
}

/// The hash of two subtrees.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash::of(&bytes)
}

/// The head of an empty tree: the hash of nothing.
pub fn empty() -> Hash {
    Hash::of(&[])
}

/// The hash of a whole subtree; its leaves are a power of two in number.
pub fn perfect(mut leaves: Vec<Hash>) -> Hash {
    while leaves.len() > 1 {
        leaves = leaves
            .chunks_exact(2)
            .map(|pair| node(&pair[0], &pair[1]))
            .collect();
    }
    leaves.first().copied().unwrap_or_else(empty)
}

/// The left edge of what is still to grow: the largest whole subtrees, from the left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// One more leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.push_subtree(leaf, 0);
    }

    /// One more whole subtree of `2^level` leaves; the size so far must be a multiple of that.
    pub fn push_subtree(&mut self, root: Hash, level: u32) {
        let mut root = root;
        let mut places = self.size >> level;
        while places & 1 == 1 {
            if let Some(left) = self.subtrees.pop() {
                root = node(&left, &root);
            }
            places >>= 1;
        }
        self.subtrees.push(root);
        self.size += 1 << level;
    }

    /// The head of the tree.
    pub fn root(&self) -> Hash {
        let mut subtrees = self.subtrees.iter().rev().copied();
        let Some(last) = subtrees.next() else {
            return empty();
        };
        subtrees.fold(last, |right, left| node(&left, &right))
    }
}

/// Where whole subtrees come from.
pub trait Subtrees {
    /// Why one cannot be had.
    type Error;

    /// The hash of the whole subtree over the leaves from `index << level`, `1 << level` in number.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The head of the tree over the leaves from `from` to before `to`, as the splits of a tree reach them.
pub fn root<S: Subtrees>(source: &S, from: u64, to: u64) -> Result<Hash, S::Error> {
    let size = to - from;
    if size == 0 {
        return Ok(empty());
    }
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return source.subtree(level, from >> level);
    }
    let middle = from + split(size);
    Ok(node(
        &root(source, from, middle)?,
        &root(source, middle, to)?,
    ))
}

/// The largest power of two below a size of at least 2.
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The proof that a leaf is in the tree over the first `size` leaves: RFC 6962's audit path, from the leaf up.
pub fn inclusion<S: Subtrees>(source: &S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(root(source, middle, to)?);
            to = middle;
        } else {
            path.push(root(source, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree over the first `size` leaves continues the one over the first `old`.
pub fn consistency<S: Subtrees>(source: &S, old: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    let mut proof = Vec::new();
    if old == 0 || old == size {
        return Ok(proof);
    }
    let (mut from, mut to) = (0, size);
    let mut is_left_edge = true;
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(root(source, middle, to)?);
            to = middle;
        } else {
            proof.push(root(source, from, middle)?);
            from = middle;
            is_left_edge = false;
        }
    }
    if !is_left_edge {
        proof.push(root(source, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether a path proves that a leaf is at this place of the tree with this head.
pub fn includes(head: &Hash, size: u64, index: u64, leaf: &Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut root = *leaf;
    for step in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            root = node(step, &root);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            root = node(&root, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && root == *head
}

/// Whether a proof shows that the tree with the head `new` continues the one with the head `old`.
pub fn continues(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> bool {
    let ((old_size, old_root), (size, root)) = (old, new);
    if old_size > size {
        return false;
    }
    if old_size == size {
        return proof.is_empty() && old_root == root;
    }
    if old_size == 0 {
        return proof.is_empty() && *old_root == empty();
    }
    // A whole old tree is its own first step.
    let own = old_size.is_power_of_two().then_some(old_root);
    let mut steps = own.into_iter().chain(proof);
    let Some(first) = steps.next() else {
        return false;
    };
    let (mut place, mut last) = (old_size - 1, size - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            of_old = node(step, &of_old);
            of_new = node(step, &of_new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node(&of_new, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *root
}
