// Judges formulas by two evaluators that nobody here wrote. One JSON job on each line of stdin,
// one JSON answer on each line of stdout: {formulon: [[...]], sformula: [[...]]}, for each formula
// an answer for each row; {error} where an evaluator does not support the formula.
//
// What neither package knows is put in here, and nothing else: ISNEW() and PRIORVALUE(x) become
// plain fields, time stands still, and an empty text is "", as it is in Salesforce.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const readline = require("node:readline");

let standing = 0;
const RealDate = Date;
class StandingDate extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [standing]));
  }
  static now() {
    return standing;
  }
}
globalThis.Date = StandingDate;

// formulon.parse() reads the formula anew for each row, which is most of its time. These are the
// parts it is made of, by themselves.
const formulon = (() => {
  const path = require.resolve("formulon");
  const whole = new Module(path, module);
  whole.paths = module.paths;
  const parts = "exports.parts = { build, coerceLiteral, replace, traverse };";
  whole._compile(`${fs.readFileSync(path, "utf8")}\n${parts}`, path);
  return whole.exports.parts;
})();
const sformula = require("sformula");

const PRIOR = "Prior_";
const plain = (formula) =>
  formula.replace(/PRIORVALUE\((\w+)\)/g, `${PRIOR}$1`).replace(/ISNEW\(\)/g, "Is_New");

const TYPES = {
  string: ["text", "string"], text: ["text", "string"], email: ["text", "string"],
  owner: ["text", "string"],
  integer: ["number", "number"], number: ["number", "number"], currency: ["number", "currency"],
  boolean: ["checkbox", "boolean"], date: ["date", "date"], datetime: ["datetime", "datetime"],
  picklist: ["picklist", "picklist"], "multi-picklist": ["multipicklist", "multipicklist"],
};
const isText = (type) => ["text", "picklist"].includes(TYPES[type][0]);

function literal(type, value) {
  const dataType = TYPES[type][0];
  const told = (x) => ({ type: "literal", dataType, value: x, options: { length: 255, scale: 4 } });
  if (dataType === "multipicklist") return told(value ? value.split(";") : []);
  if (isText(type)) return told(value ?? "");
  if (value === null || value === undefined) return told(null);
  return told(dataType.startsWith("date") ? new RealDate(value) : value);
}

function answered(tree, fields) {
  try {
    const answer = formulon.traverse(formulon.replace(tree, fields));
    return answer.type === "error" ? { error: answer.message } : answer.value;
  } catch (error) {
    return { error: String(error) };
  }
}

function byFormulon(formulas, types, rows) {
  const trees = formulas.map(formulon.build);
  const told = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        formulon.coerceLiteral(literal(types[name], value)),
      ]),
    ),
  );
  return trees.map((tree) => told.map((fields) => answered(tree, fields)));
}

function nested(flat, told) {
  const whole = {};
  for (const [name, value] of Object.entries(flat)) {
    const path = name.split(".");
    const last = path.pop();
    let place = whole;
    for (const part of path) {
      place[part] ??= told ? {} : { type: "object", properties: {} };
      place = told ? place[part] : place[part].properties;
    }
    place[last] = value;
  }
  return whole;
}

function bySformula(formula, types, rows) {
  const inputTypes = nested(
    Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type: TYPES[type][1] }])),
    false,
  );
  try {
    const compiled = sformula.parseSync(formula, { inputTypes, returnType: "boolean" });
    return rows.map((row) => {
      const shown = Object.entries(row).map(([name, value]) => [
        name,
        isText(types[name]) ? (value ?? "") : value,
      ]);
      return compiled.evaluate(nested(Object.fromEntries(shown), true));
    });
  } catch (error) {
    return rows.map(() => ({ error: String(error) }));
  }
}

function judged(job) {
  standing = RealDate.parse(job.now);
  const formulas = job.formulas.map(plain);
  return {
    formulon: byFormulon(formulas, job.types, job.rows),
    sformula: formulas.map((x) => bySformula(x, job.types, job.rows)),
  };
}

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(judged(JSON.parse(line))) + "\n"));
