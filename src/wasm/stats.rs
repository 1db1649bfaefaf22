//! Statistics as the object that `cache.stats` gives.

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::engine;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    hits: f64,
    misses: f64,
    hit_rate: f64,
    sets: f64,
    updates: f64,
    evictions: f64,
    expirations: f64,
    deletions: f64,
    entries: f64,
    bytes: f64,
}

/// The object, or `undefined` where nothing is counted.
pub(super) fn to_js(cache: &engine::Cache) -> JsValue {
    let Some(stats) = cache.stats() else {
        return JsValue::UNDEFINED;
    };
    let object = Stats {
        hits: stats.hits as f64,
        misses: stats.misses as f64,
        hit_rate: stats.hit_rate(),
        sets: stats.sets as f64,
        updates: stats.updates as f64,
        evictions: stats.evictions as f64,
        expirations: stats.expirations as f64,
        deletions: stats.deletions as f64,
        entries: cache.len() as f64,
        bytes: cache.weight(),
    };
    serde_wasm_bindgen::to_value(&object).unwrap_or(JsValue::UNDEFINED)
}
