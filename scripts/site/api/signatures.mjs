// A declaration as TypeScript would write it, from what TypeDoc knows of it.
import { ReflectionKind } from "typedoc";

/** The lines of code that declare a thing: one for each overload. */
export function signaturesOf(item) {
  const { kind, name, signatures } = item;
  switch (kind) {
    case ReflectionKind.Constructor:
      return signatures.map((signature) => `new ${signature.type.name ?? ""}${call(signature, names(signature))}`);
    case ReflectionKind.Method:
      return signatures.map(
        (signature) => `${item.isStaticHere || item.flags.isStatic ? "static " : ""}${shown(item)}${call(signature)}`,
      );
    case ReflectionKind.Function:
      return signatures.map((signature) => `function ${name}${call(signature)}`);
    case ReflectionKind.Accessor:
      return [`get ${name}(): ${typeText(item.getSignature.type)}`];
    case ReflectionKind.Property: {
      const text = typeText(item.type ?? item.signatures?.[0]?.type);
      const readonly = item.flags.isReadonly ? "readonly " : "";
      return [`${readonly}${name}${optional(item.flags.isOptional, text)}`];
    }
    case ReflectionKind.TypeAlias:
      return [`type ${name}${generics(item)} = ${typeText(item.type)}`];
    case ReflectionKind.Class:
    case ReflectionKind.Interface: {
      const word = kind === ReflectionKind.Class ? "class" : "interface";
      const bases = item.extendedTypes?.map((type) => type.toString()) ?? [];
      const base = bases.length > 0 ? ` extends ${bases.join(", ")}` : "";
      return [`${word} ${name}${generics(item)}${base}`];
    }
    case ReflectionKind.Namespace:
      return [`${name} {`, ...item.types.flatMap(signaturesOf).map((line) => `  ${line}`), "}"];
    case ReflectionKind.Variable:
      return [`const ${name}: ${typeText(item.type)}`];
    default:
      throw new Error(`${name} is a ${ReflectionKind.singularString(kind)}, which the API reference cannot show`);
  }
}

/** A name as it is written: TypeDoc leaves the `Symbol` of well-known symbols out. */
export const shown = ({ name }) => name.replace(/^\[(\w+)\]$/, "[Symbol.$1]");

function call(signature, types = generics(signature)) {
  const parameters = (signature.parameters ?? []).map(parameter);
  const text = `(${parameters.join(", ")}): ${typeText(signature.type)}`;
  const long = `${signature.name}${types}${text}`.length > 76 && parameters.length > 1;
  return `${types}${long ? `(\n  ${parameters.join(",\n  ")},\n): ${typeText(signature.type)}` : text}`;
}

function parameter({ name, type, flags, defaultValue }) {
  const rest = flags.isRest ? "..." : "";
  // A parameter that is taken apart in place has no name of its own.
  return `${rest}${name === "__namedParameters" ? "options" : name}${optional(flags.isOptional || defaultValue !== undefined, typeText(type))}`;
}

// With the `?` there, `| undefined` says nothing more.
function optional(isOptional, type) {
  return isOptional ? `?: ${type.replace(/ \| undefined$/, "")}` : `: ${type}`;
}

function generics({ typeParameters = [] }) {
  if (typeParameters.length === 0) return "";
  const list = typeParameters.map(({ name, type, default: fallback }) => {
    const bound = type ? ` extends ${typeText(type)}` : "";
    return `${name}${bound}${fallback ? ` = ${typeText(fallback)}` : ""}`;
  });
  return `<${list.join(", ")}>`;
}

// The defaults stand at the class.
function names({ typeParameters = [] }) {
  return typeParameters.length > 0 ? `<${typeParameters.map(({ name }) => name).join(", ")}>` : "";
}

/** A type as text, with the members of object types, which TypeDoc's own text leaves out. */
function typeText(type) {
  if (type.type === "union") return type.types.map((member) => bracketed(member)).join(" | ");
  if (type.type === "intersection") return type.types.map((member) => bracketed(member)).join(" & ");
  // TypeDoc writes out the arguments that these have by default.
  if (type.type === "reference" && type.name.endsWith("DecoratorContext")) return type.name;
  if (type.type !== "reflection") return type.toString();
  const { declaration } = type;
  if (declaration.signatures?.length === 1 && !declaration.children) {
    const [signature] = declaration.signatures;
    const parameters = (signature.parameters ?? []).map(parameter);
    return `${generics(signature)}(${parameters.join(", ")}) => ${typeText(signature.type)}`;
  }
  const members = (declaration.children ?? []).map((child) => signaturesOf(child).join("; "));
  for (const index of declaration.indexSignatures ?? []) {
    members.push(`[${index.parameters.map(parameter).join(", ")}]: ${typeText(index.type)}`);
  }
  return members.length > 0 ? `{ ${members.join("; ")} }` : "{}";
}

function bracketed(type) {
  const text = typeText(type);
  return type.type === "reflection" && text.includes("=>") && !text.startsWith("{") ? `(${text})` : text;
}
