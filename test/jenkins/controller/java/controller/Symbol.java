package controller;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** A describable that a step takes as an argument, such as `specific('7')` or `string(credentialsId: ..., variable: ...)`. */
record Symbol(String name, LinkedHashMap<String, Object> values) implements Serializable {
  static Symbol of(String name, Object[] given, String... parameters) {
    Arguments arguments = new Arguments(name, given, parameters);
    LinkedHashMap<String, Object> values = new LinkedHashMap<>();
    for (String parameter : parameters) values.put(parameter, arguments.text(parameter));
    return new Symbol(name, values);
  }

  String text(String parameter) {
    return (String) values.get(parameter);
  }

  static Symbol expect(Object value, String name) {
    if (value instanceof Symbol symbol && symbol.name().equals(name)) return symbol;
    throw new Refusal("Expected " + name + "(...), not " + value);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
