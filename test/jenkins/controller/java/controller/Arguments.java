package controller;

import groovy.lang.Closure;
import groovy.lang.GString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a step, as Jenkins takes them: by name, or one alone that stands for the first parameter; a closure last. Names that aren't listed are refused. */
final class Arguments {
  final String step;
  final Closure<?> body;
  private final Map<String, Object> named = new LinkedHashMap<>();

  Arguments(String step, Object[] given, String... parameters) {
    this.step = step;
    List<Object> rest = new ArrayList<>(Arrays.asList(given));
    boolean block = !rest.isEmpty() && rest.get(rest.size() - 1) instanceof Closure;
    body = block ? (Closure<?>) rest.remove(rest.size() - 1) : null;
    if (rest.size() > 1) throw new Refusal(step + " takes named arguments, not " + rest.size() + " of them in a row");
    if (rest.size() == 1 && rest.get(0) instanceof Map<?, ?> map) map.forEach((key, value) -> named.put(key.toString(), plain(value)));
    else if (rest.size() == 1 && parameters.length > 0) named.put(parameters[0], plain(rest.get(0)));
    else if (rest.size() == 1) throw new Refusal(step + " takes no argument");
    List<String> known = List.of(parameters);
    for (String name : named.keySet()) if (!known.contains(name)) throw new Refusal(step + " has no parameter " + name + " here");
  }

  private static Object plain(Object value) {
    return value instanceof GString ? value.toString() : value;
  }

  boolean has(String name) {
    return named.get(name) != null;
  }

  String text(String name) {
    return value(name, String.class);
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  boolean flag(String name) {
    return has(name) && value(name, Boolean.class);
  }

  <T> T value(String name, Class<T> type) {
    Object found = named.get(name);
    if (found == null) throw new Refusal(step + " needs " + name);
    if (!type.isInstance(found)) throw new Refusal(step + " wants " + name + " as " + type.getSimpleName() + ", not " + found.getClass().getSimpleName());
    return type.cast(found);
  }

  Closure<?> block() {
    if (body == null) throw new Refusal(step + " needs a block");
    return body;
  }
}
