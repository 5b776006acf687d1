// The templates say what stands where: data-text, data-show, data-hide, data-set and data-style name paths of a scope,
// data-with enters a part of it. Lists are rows cloned from the pieces, kept by key.
(function (Wall) {
  "use strict";

  const HOOKS = "[data-text],[data-show],[data-hide],[data-set],[data-style]";

  const WRITERS = {
    text: function (node, name, value) {
      Wall.text(node, value);
    },
    show: function (node, name, value) {
      Wall.show(node, value);
    },
    hide: function (node, name, value) {
      Wall.show(node, !value);
    },
    set: function (node, name, value) {
      Wall.attr(node, name, value);
    },
    style: function (node, name, value) {
      Wall.style(node, name, value === null || value === undefined ? "0" : String(value));
    },
  };

  function read(scope, path) {
    return path.reduce(function (value, key) {
      return value === null || value === undefined ? undefined : value[key];
    }, scope);
  }

  function prefix(node, root) {
    const owner = node.closest("[data-with]");
    return owner && (root === document.body || root.contains(owner)) ? owner.dataset.with + "." : "";
  }

  function pairs(words) {
    return words.split(" ").map(function (pair) {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
  }

  function hooksOf(node, root) {
    const before = prefix(node, root);
    const hooks = [];
    function add(kind, name, path) {
      hooks.push({ node: node, write: WRITERS[kind], name: name, path: (before + path).split(".") });
    }
    ["text", "show", "hide"].forEach(function (kind) {
      if (node.dataset[kind]) add(kind, null, node.dataset[kind]);
    });
    ["set", "style"].forEach(function (kind) {
      if (node.dataset[kind]) pairs(node.dataset[kind]).forEach(([name, path]) => add(kind, name, path));
    });
    return hooks;
  }

  Wall.bind = function (root) {
    const nodes = Array.from(root.querySelectorAll(HOOKS));
    if (root.matches(HOOKS)) nodes.unshift(root);
    const hooks = nodes.reduce((all, node) => all.concat(hooksOf(node, root)), []);
    return function (scope) {
      hooks.forEach(function (hook) {
        hook.write(hook.node, hook.name, read(scope, hook.path));
      });
    };
  };

  function made(piece) {
    const root = Wall.get("piece-" + piece).content.firstElementChild;
    // A part of a picture needs a picture round it to be read as one.
    const node = (root.tagName === "svg" && root.dataset.around ? root.firstElementChild : root).cloneNode(true);
    return { node: node, update: Wall.bind(node) };
  }

  Wall.list = function (container, piece, items, keyOf, more) {
    const old = container.wallRows || new Map();
    const rows = new Map();
    items.forEach(function (item, index) {
      const key = String(keyOf(item, index));
      const row = old.get(key) || made(piece);
      rows.set(key, row);
      row.update(item);
      if (container.children[index] !== row.node) container.insertBefore(row.node, container.children[index] || null);
      if (more) more(row.node, item);
    });
    old.forEach(function (row, key) {
      if (!rows.has(key)) row.node.remove();
    });
    container.wallRows = rows;
  };
})(window.Wall);
