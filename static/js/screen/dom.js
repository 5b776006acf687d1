// Writes to the page that change nothing where nothing changed: an identical snapshot makes no mutation at all.
window.Wall = window.Wall || {};
(function (Wall) {
  "use strict";

  Wall.get = function (id) {
    return document.getElementById(id);
  };

  Wall.text = function (node, value) {
    const words = value === null || value === undefined ? "" : String(value);
    if (!node.firstChild) {
      if (words) node.appendChild(document.createTextNode(words));
    } else if (node.firstChild.data !== words) {
      node.firstChild.data = words;
    }
  };

  Wall.attr = function (node, name, value) {
    if (value === null || value === undefined || value === false || value === "") {
      if (node.hasAttribute(name)) node.removeAttribute(name);
      return;
    }
    const words = value === true ? "" : String(value);
    if (node.getAttribute(name) !== words) node.setAttribute(name, words);
  };

  Wall.show = function (node, wanted) {
    Wall.attr(node, "hidden", !wanted);
  };

  // A browser writes lengths its own way, so what was asked for last is kept beside the node.
  Wall.style = function (node, property, value) {
    const asked = node.wallStyles || (node.wallStyles = {});
    if (asked[property] === value) return;
    asked[property] = value;
    node.style.setProperty(property, value);
  };

  Wall.svg = function (name, attributes, parent) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) {
      node.setAttribute(key, attributes[key]);
    });
    if (parent) parent.appendChild(node);
    return node;
  };
})(window.Wall);
