package controller;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A block of a declarative pipeline while it is read: what may stand in it is listed, anything else is refused. */
final class Section extends GroovyObjectSupport {
  private final String name;
  private final Map<String, Function<Object[], Object>> known = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Set<String> repeatable = new HashSet<>();
  private BiConsumer<String, Object> assigned;
  private int entries;

  Section(String name) {
    this.name = name;
  }

  /** What may stand here once. */
  Section once(String word, Function<Object[], Object> taken) {
    known.put(word, taken);
    return this;
  }

  Section many(String word, Function<Object[], Object> taken) {
    repeatable.add(word);
    return once(word, taken);
  }

  Section assignments(BiConsumer<String, Object> taken) {
    assigned = taken;
    return this;
  }

  /** Reads the block. Jenkins refuses one in which nothing stands. */
  void read(Object[] given) {
    Closure<?> block = Section.block(name, given);
    block.setDelegate(this);
    block.setResolveStrategy(Closure.DELEGATE_ONLY);
    Program.current.runAtOnce(block);
    // It stays in the saved program, by the blocks inside of it.
    block.setDelegate(null);
    if (entries == 0) throw new Refusal("The section " + name + " is empty");
  }

  static Closure<?> block(String name, Object[] given) {
    if (given.length > 0 && given[given.length - 1] instanceof Closure<?> block) return block;
    throw new Refusal(name + " needs a block");
  }

  /** A block of steps: what it calls is looked up in the script, never in the sections around it. */
  static Closure<?> steps(String name, Object[] given, PipelineScript script) {
    Closure<?> block = block(name, given);
    block.setDelegate(script);
    block.setResolveStrategy(Closure.DELEGATE_ONLY);
    return block;
  }

  @Override
  public Object invokeMethod(String word, Object arguments) {
    Function<Object[], Object> taken = known.get(word);
    if (taken == null) throw new Refusal("There is no " + word + " in the section " + name);
    if (!seen.add(word) && !repeatable.contains(word)) throw new Refusal(word + " stands twice in the section " + name);
    entries++;
    return taken.apply(arguments instanceof Object[] array ? array : new Object[] {arguments});
  }

  @Override
  public Object getProperty(String word) {
    if (word.equals("none")) return word;
    throw new Refusal("There is no " + word + " in the section " + name);
  }

  @Override
  public void setProperty(String word, Object value) {
    if (assigned == null) throw new Refusal("Nothing is assigned in the section " + name);
    entries++;
    assigned.accept(word, value);
  }
}
