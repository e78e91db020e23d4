//! The messages of the Mapbox Vector Tile encoding, version 2.1.

use std::collections::HashMap;

use prost::Message;
use serde_json::Value as Json;

/// Units along the side of a tile.
pub const EXTENT: u32 = 4096;

/// A tile.
#[derive(Clone, PartialEq, Message)]
pub struct TileMessage {
    /// Its layers.
    #[prost(message, repeated, tag = "3")]
    pub layers: Vec<LayerMessage>,
}

/// A layer.
#[derive(Clone, PartialEq, Message)]
pub struct LayerMessage {
    /// 2.
    #[prost(uint32, required, tag = "15")]
    pub version: u32,
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// Its features.
    #[prost(message, repeated, tag = "2")]
    pub features: Vec<FeatureMessage>,
    /// Names of attributes.
    #[prost(string, repeated, tag = "3")]
    pub keys: Vec<String>,
    /// Values of attributes.
    #[prost(message, repeated, tag = "4")]
    pub values: Vec<ValueMessage>,
    /// Units along the side.
    #[prost(uint32, optional, tag = "5")]
    pub extent: Option<u32>,
}

/// A feature.
#[derive(Clone, PartialEq, Message)]
pub struct FeatureMessage {
    /// The entity's number.
    #[prost(uint64, optional, tag = "1")]
    pub id: Option<u64>,
    /// Places of names and values, in turn.
    #[prost(uint32, repeated, tag = "2")]
    pub tags: Vec<u32>,
    /// 1 points, 2 lines, 3 polygons.
    #[prost(uint32, optional, tag = "3")]
    pub kind: Option<u32>,
    /// Commands.
    #[prost(uint32, repeated, tag = "4")]
    pub geometry: Vec<u32>,
}

/// A value: one of them.
#[derive(Clone, PartialEq, Message)]
pub struct ValueMessage {
    /// Text.
    #[prost(string, optional, tag = "1")]
    pub text: Option<String>,
    /// A number with a fraction.
    #[prost(double, optional, tag = "3")]
    pub double: Option<f64>,
    /// A whole number from 0.
    #[prost(uint64, optional, tag = "5")]
    pub unsigned: Option<u64>,
    /// A whole number.
    #[prost(sint64, optional, tag = "6")]
    pub signed: Option<i64>,
    /// True or false.
    #[prost(bool, optional, tag = "7")]
    pub boolean: Option<bool>,
}

impl ValueMessage {
    /// The value of a JSON value: lists and objects as their text; nothing for null.
    pub fn of_json(value: &Json) -> Option<ValueMessage> {
        let mut out = ValueMessage::default();
        match value {
            Json::Null => return None,
            Json::Bool(is) => out.boolean = Some(*is),
            Json::String(text) => out.text = Some(text.clone()),
            Json::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => out.unsigned = Some(number),
                (None, Some(number)) => out.signed = Some(number),
                _ => out.double = number.as_f64(),
            },
            other => out.text = Some(other.to_string()),
        }
        Some(out)
    }
}

/// Gathers a layer: each name and each value stands in it once.
pub struct Layer {
    message: LayerMessage,
    keys: HashMap<String, u32>,
    values: HashMap<Vec<u8>, u32>,
}

impl Layer {
    /// An empty layer.
    pub fn new(name: &str) -> Layer {
        Layer {
            message: LayerMessage {
                version: 2,
                name: name.to_string(),
                extent: Some(EXTENT),
                ..LayerMessage::default()
            },
            keys: HashMap::new(),
            values: HashMap::new(),
        }
    }

    /// Adds a feature.
    pub fn add(
        &mut self,
        id: Option<u64>,
        kind: u32,
        geometry: Vec<u32>,
        attributes: impl IntoIterator<Item = (String, ValueMessage)>,
    ) {
        let mut tags = Vec::new();
        for (name, value) in attributes {
            tags.push(self.key(name));
            tags.push(self.value(value));
        }
        self.message.features.push(FeatureMessage {
            id,
            tags,
            kind: Some(kind),
            geometry,
        });
    }

    fn key(&mut self, name: String) -> u32 {
        let keys = &mut self.message.keys;
        *self.keys.entry(name).or_insert_with_key(|name| {
            keys.push(name.clone());
            keys.len() as u32 - 1
        })
    }

    fn value(&mut self, value: ValueMessage) -> u32 {
        let values = &mut self.message.values;
        *self.values.entry(value.encode_to_vec()).or_insert_with(|| {
            values.push(value);
            values.len() as u32 - 1
        })
    }

    /// The tile of this layer alone; nothing where it has no feature.
    pub fn tile(self) -> Vec<u8> {
        if self.message.features.is_empty() {
            return Vec::new();
        }
        let layers = vec![self.message];
        TileMessage { layers }.encode_to_vec()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_values_stand_once() {
        let mut layer = Layer::new("place");
        for id in 0..3 {
            let values = [
                ("kind", json!("学校")),
                ("floors", json!(3)),
                ("height", json!(-2.5)),
            ];
            let values = values.map(|(name, value)| {
                (
                    name.to_string(),
                    ValueMessage::of_json(&value).expect("a value"),
                )
            });
            layer.add(Some(id), 1, vec![9, 0, 0], values);
        }
        let tile = TileMessage::decode(layer.tile().as_slice()).expect("a tile");
        let layer = &tile.layers[0];
        assert_eq!(
            (layer.features.len(), layer.keys.len(), layer.values.len()),
            (3, 3, 3)
        );
        assert_eq!(layer.features[2].tags, [0, 0, 1, 1, 2, 2]);
        assert!(Layer::new("empty").tile().is_empty());
    }
}
