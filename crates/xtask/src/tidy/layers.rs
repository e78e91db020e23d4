//! Every package declares a layer and depends only on lower ones.

use std::collections::BTreeMap;

use crate::workspace::{Finding, Workspace};

/// Packages of this layer (tests of the whole, benchmarks) may depend on any other.
const TOP: i64 = 9;

/// Names that say nothing about what a crate owns.
const EMPTY_NAMES: [&str; 6] = ["common", "core", "helpers", "types", "util", "utils"];

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let layers: BTreeMap<&str, i64> = workspace
        .packages
        .iter()
        .filter_map(|package| Some((package.name.0.as_str(), package.layer?.0)))
        .collect();
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let manifest = &package.manifest;
        let (name, line) = &package.name;
        if EMPTY_NAMES.contains(&name.as_str()) {
            let message = format!("'{name}' says nothing: name the crate for what it owns");
            findings.push(manifest.finding(*line, message));
        }
        let Some((layer, _)) = package.layer else {
            let message = format!("'{name}' has no [package.metadata.jiku] layer = N");
            findings.push(manifest.finding(*line, message));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(below) = layers.get(dependency.package.as_str()) else {
                continue;
            };
            if layer != TOP && *below >= layer {
                let message = format!(
                    "'{name}' (layer {layer}) depends on '{}' (layer {below}): only lower layers",
                    dependency.package
                );
                findings.push(manifest.finding(dependency.line, message));
            }
        }
    }
    findings
}
