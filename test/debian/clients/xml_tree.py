"""Prints an XML file as JSON: name, attributes, children and text of each element."""

import json
import sys
import xml.etree.ElementTree as ElementTree


def tree(element):
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    return {
        "name": element.tag,
        "attributes": element.attrib,
        "children": [tree(child) for child in element],
        "text": text,
    }


print(json.dumps(tree(ElementTree.parse(sys.argv[1]).getroot())))
