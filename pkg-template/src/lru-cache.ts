// What `import … from "poche/lru-cache"` gives: the class that programs know from the package `lru-cache`.
export { LRUCache } from "./lru-cache/lru-cache.js";
