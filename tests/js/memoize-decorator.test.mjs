// memoize as a standard decorator, through what TypeScript and esbuild make of it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import * as poche from "poche";
import ts from "typescript";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const SOURCE = `
  const runs: string[] = [];
  class Shop {
    static all = 0;
    rate = 2;
    static rate = 10;
    @memoize price(item: string, extra?: object): number { runs.push("price"); return item.length * this.rate; }
    @memoize(5) brief(item: string) { runs.push("brief"); return item; }
    @memoize({ ttl: "5s", maxEntries: 2 }) bounded(n: number) { runs.push("bounded"); return n; }
    @memoize() bare() { runs.push("bare"); return {}; }
    @memoize get total() { runs.push("total"); return this.rate * 100; }
    @memoize static overall(n: number) { runs.push("overall"); return n * this.rate; }
    @memoize static get first() { runs.push("first"); return this.rate; }
    @memoize async load(id: number) { runs.push("load"); return id + this.rate; }
    @memoize #secret(n: number) { runs.push("secret"); return n; }
    @memoize down(n: number): number { return n === 0 ? 0 : this.down(n - 1) + 1; }
    secret(n: number) { return this.#secret(n); }
  }
  class Sale extends Shop {
    static rate = 20;
    @memoize price(item: string) { runs.push("sale"); return super.price(item) - 1; }
    @memoize get total() { runs.push("sale total"); return super.total - 1; }
  }
  class Plain extends Shop {}
  return { runs, Shop, Sale, Plain };
`;

const wrapped = `export default (memoize: typeof import("poche")["memoize"]) => { ${SOURCE} };`;
const compile = {
  TypeScript: () =>
    ts.transpileModule(wrapped, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS } })
      .outputText,
  esbuild: async () => (await transform(wrapped, { loader: "ts", target: "es2022", format: "cjs" })).code,
};

for (const [name, output] of Object.entries(compile)) {
  describe(`through ${name}`, async () => {
    const module = { exports: {} };
    new Function("module", "exports", await output())(module, module.exports);
    const load = () => module.exports.default(poche.memoize);

    it("caches the calls of a method by value, for each instance", () => {
      const { runs, Shop } = load();
      const [one, other] = [new Shop(), new Shop()];
      other.rate = 3;
      assert.deepEqual([one.price("abc"), one.price("abc"), other.price("abc")], [6, 6, 9]);
      assert.deepEqual([one.price("abc", { a: 1 }), one.price("abc", { a: 1 })], [6, 6]);
      assert.deepEqual(runs, ["price", "price", "price"]);
      assert.equal(Shop.prototype.price.name, "price");
      assert.equal(Shop.prototype.price.length, 2);
    });

    it("takes a ttl, options, or nothing", (t) => {
      const { runs, Shop } = load();
      const shop = new Shop();
      let now = Date.now();
      t.mock.method(Date, "now", () => now);
      shop.brief("a");
      shop.brief("a");
      now += 5000;
      shop.brief("a");
      assert.deepEqual(runs, ["brief", "brief"]);
      for (const n of [1, 2, 3, 4]) shop.bounded(n);
      shop.bounded(4);
      assert.ok(runs.length <= 7);
      assert.equal(shop.bare(), shop.bare());
    });

    it("caches getters, static methods and getters, private methods", () => {
      const { runs, Shop } = load();
      const shop = new Shop();
      assert.deepEqual([shop.total, shop.total], [200, 200]);
      assert.deepEqual([Shop.overall(1), Shop.overall(1)], [10, 10]);
      assert.deepEqual([Shop.first, Shop.first], [10, 10]);
      assert.deepEqual([shop.secret(1), shop.secret(1)], [1, 1]);
      assert.deepEqual(runs, ["total", "overall", "first", "secret"]);
    });

    it("overrides and super calls do not mix; an inherited static method is cached for its own class", () => {
      const { runs, Shop, Sale, Plain } = load();
      const sale = new Sale();
      assert.deepEqual([sale.price("abc"), sale.price("abc")], [5, 5]);
      assert.deepEqual([sale.total, sale.total], [199, 199]);
      assert.deepEqual(runs, ["sale", "price", "sale total", "total"]);
      assert.equal(Shop.prototype.price.call(sale, "abc"), 6);
      assert.equal(new Plain().price("abc"), 6);
      assert.deepEqual([Shop.overall(1), Sale.overall(1), Sale.overall(1)], [10, 20, 20]);
    });

    it("shares the runs of an async method", async () => {
      const { runs, Shop } = load();
      const shop = new Shop();
      const calls = [shop.load(1), shop.load(1)];
      assert.deepEqual(await Promise.all(calls), [3, 3]);
      assert.ok(shop.load(1) instanceof Promise);
      assert.deepEqual(runs, ["load"]);
    });

    it("recurses", () => {
      const { Shop } = load();
      assert.equal(new Shop().down(1000), 1000);
    });

    it("lets instances be collected", async () => {
      const { Shop } = load();
      const make = () => {
        const shop = new Shop();
        shop.price("abc", shop);
        shop.bare();
        return new WeakRef(shop);
      };
      const instances = Array.from({ length: 10 }, make);
      for (let i = 0; i < 50 && instances.some((one) => one.deref() !== undefined); i++) {
        // What deref gave is kept until the end of the task.
        await turn();
        collect();
      }
      assert.equal(instances.filter((one) => one.deref() !== undefined).length, 0);
    });

    it("without an instance, calls are not cached", () => {
      const { Shop } = load();
      const { bare } = Shop.prototype;
      assert.notEqual(bare.call(undefined), bare.call(undefined));
      assert.notEqual(bare.call(1), bare.call(1));
    });
  });
}

describe("what it refuses", () => {
  const method = () => 1;
  it("anything but methods and getters", () => {
    for (const kind of ["class", "field", "setter", "accessor"]) {
      assert.throws(() => poche.memoize(method, { kind, name: "x" }), {
        code: "ERR_INVALID_ARGUMENT",
        message: /x is a/,
      });
    }
  });
  it("bad options, where they stand", () => {
    assert.throws(() => poche.memoize({ ttl: -1 }), RangeError);
    assert.throws(() => poche.memoize({ unknown: 1 })(method, { kind: "method", name: "x" }), TypeError);
    assert.throws(() => poche.memoize({ cache: new poche.Cache() })(method, { kind: "method", name: "x" }), TypeError);
  });
  it("the decorators of experimentalDecorators", () => {
    assert.throws(() => poche.memoize({}, "name", {}), TypeError);
    assert.throws(() => poche.memoize(5)({}, "name", {}), TypeError);
  });
});
