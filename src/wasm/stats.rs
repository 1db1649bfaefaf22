//! Statistics as the object that `cache.stats` gives.

use serde::Serializer as _;
use serde::ser::SerializeMap as _;
use wasm_bindgen::JsValue;

use crate::engine;

/// The object, or `undefined` where nothing is counted.
pub(super) fn to_js(cache: &mut engine::Cache) -> JsValue {
    let Some(stats) = cache.stats() else {
        return JsValue::UNDEFINED;
    };
    // As a map: a struct's field names would go through a table of interned strings, at 2 KB of code.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    let object = serializer.serialize_map(None).and_then(|mut map| {
        let mut field = |name: &str, value: f64| map.serialize_entry(name, &value);
        field("hits", stats.hits as f64)?;
        field("misses", stats.misses as f64)?;
        field("hitRate", stats.hit_rate())?;
        field("sets", stats.sets as f64)?;
        field("updates", stats.updates as f64)?;
        field("evictions", stats.evictions as f64)?;
        field("expirations", stats.expirations as f64)?;
        field("deletions", stats.deletions as f64)?;
        field("entries", cache.len() as f64)?;
        field("bytes", cache.weight())?;
        map.end()
    });
    object.unwrap_or(JsValue::UNDEFINED)
}
