//! What is wrong with a geometry, in Chinese: for messages, which are told in both languages.

use crate::crs::CrsError;
use crate::error::{GeometryError, Place};
use crate::position::Position;
use crate::validate::Fault;

impl GeometryError {
    /// The fault in Chinese; its `Display` is the English.
    pub fn chinese(&self) -> String {
        let at = |place: &Place, fault: &str| format!("{}：{fault}", place.chinese());
        match self {
            GeometryError::Json { line, column, .. } => {
                format!("第 {line} 行第 {column} 列不是正确的 JSON")
            }
            GeometryError::Expected { place, .. } => at(place, "写法不对"),
            GeometryError::UnknownType { place, found } => {
                at(place, &format!("没有“{found}”这种图形"))
            }
            GeometryError::TooDeep { place } => at(place, "图形集合嵌套过深"),
            GeometryError::Empty { place } => at(place, "图形为空"),
            GeometryError::NotFinite { place } => at(place, "坐标不是有限的数字"),
            GeometryError::OutOfRange {
                place,
                longitude,
                latitude,
            } => at(
                place,
                &format!("经度 {longitude}、纬度 {latitude} 超出范围"),
            ),
            GeometryError::TooFewPositions {
                place,
                found,
                needed,
            } => at(place, &format!("只有 {found} 个坐标，至少需要 {needed} 个")),
            GeometryError::RingNotClosed { place } => at(place, "环没有闭合，末点与首点不同"),
            GeometryError::CrsMismatch {
                place,
                found,
                expected,
            } => at(
                place,
                &format!("图形自称的坐标系是“{found}”，应为“{expected}”"),
            ),
            GeometryError::Crs { place, source } => at(place, &source.chinese()),
            GeometryError::Invalid { place, fault } => at(place, &fault.chinese()),
            GeometryError::NotAnArea { place } => at(place, "应为面（多边形）"),
            GeometryError::GridCell(cell) => format!("没有这样的网格：{cell}"),
        }
    }
}

impl Place {
    fn chinese(&self) -> String {
        match self {
            Place::Path(path) => path.clone(),
            Place::Text(offset) => format!("第 {} 个字节", offset + 1),
            Place::Byte(offset) => format!("WKB 第 {} 个字节", offset + 1),
        }
    }
}

impl CrsError {
    fn chinese(&self) -> String {
        match self {
            CrsError::Unknown { name } => format!("没有坐标系“{name}”"),
            CrsError::Outside { crs, x, y } => format!("坐标 {x}, {y} 不在 {crs} 的范围内"),
            CrsError::Projected { crs } => format!("{crs} 是投影坐标系，而图形以度为单位"),
        }
    }
}

impl Fault {
    fn chinese(&self) -> String {
        let degrees = |at: &Position| {
            let (lon, lat) = at.degrees();
            format!("经度 {lon}、纬度 {lat} 处")
        };
        match self {
            Fault::LineWithoutLength => "线没有长度".to_string(),
            Fault::RingWithoutArea => "环上不同的点少于三个".to_string(),
            Fault::SelfIntersection { at } => format!("环在{}自相交", degrees(at)),
            Fault::Spike { at } => format!("环在{}原路折返", degrees(at)),
            Fault::HoleOutside => "洞不在外环之内".to_string(),
            Fault::HoleAlongOuterRing => "洞与外环有一段重合".to_string(),
            Fault::HolesOverlap { other } => format!("洞与环 {other} 重叠"),
            Fault::HolesShareEdge { other } => format!("洞与环 {other} 有一段边重合"),
            Fault::PolygonsOverlap { other } => format!("与多边形 {other} 重叠"),
            Fault::PolygonsShareEdge { other } => format!("与多边形 {other} 有一段边重合"),
            Fault::Unchecked => "无法检查其有效性".to_string(),
        }
    }
}
