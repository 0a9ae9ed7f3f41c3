/**
 * Rebuilding programs: with other nodes in place of some, or node by node by a rule.
 *
 * @module
 */
import { make, type Node, sharing, topological } from "./node.ts";

function rebuild(node: Node, images: ReadonlyMap<Node, Node>): Node {
  const inputs = node.inputs.map((input) => images.get(input)!);
  return inputs.every((input, i) => input === node.inputs[i]) ? node : make(node.primitive, inputs, node.attribute);
}

/** The nodes with replacements for some of those that they depend on. */
export function substitute(outputs: readonly Node[], replacements: ReadonlyMap<Node, Node>): Node[] {
  const images = new Map(replacements);
  for (const node of topological(outputs, (node) => replacements.has(node))) {
    if (!images.has(node)) images.set(node, rebuild(node, images));
  }
  return outputs.map((output) => images.get(output)!);
}

/** The nodes with every node for which `rule` has another form in that form, also where a form needs further ones. */
export function rewrite(outputs: readonly Node[], rule: (node: Node) => Node | undefined): Node[] {
  const images = new Map<Node, Node>();
  const visit = (targets: readonly Node[]): void => {
    for (const node of topological(targets, (node) => images.has(node))) {
      if (images.has(node)) continue;
      const same = rebuild(node, images), form = rule(same);
      if (form !== undefined && form !== same) visit([form]);
      images.set(node, form === undefined ? same : images.get(form) ?? form);
    }
  };
  return sharing(() => {
    visit(outputs);
    return outputs.map((output) => images.get(output)!);
  });
}

/** The nodes without macros. */
export function lower(outputs: readonly Node[]): Node[] {
  return rewrite(outputs, (node) => node.primitive.lower?.(node));
}
