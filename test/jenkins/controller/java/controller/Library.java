package controller;

import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.NonCPS;
import com.cloudbees.groovy.cps.sandbox.Untrusted;
import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.codehaus.groovy.runtime.InvokerHelper;

/** The Jenkinsfile and the shared library of one build, compiled as Jenkins does: through the continuation-passing transform. */
final class Library {
  private final Path folder;
  private final GroovyClassLoader trusted;
  private final GroovyClassLoader loader;
  private final Map<String, Class<?>> variables = new HashMap<>();
  private Class<?> interpreter;

  Library(Path folder, String name) {
    this.folder = folder;
    this.trusted = new GroovyClassLoader(Library.class.getClassLoader(), configuration(new CpsTransformer()));
    CompilerConfiguration untrusted = configuration(new CpsTransformer() {
      @Override
      protected Class<?> getTrustTag() {
        return Untrusted.class;
      }
    });
    untrusted.addCompilationCustomizers(new LibraryAnnotation(name));
    this.loader = new GroovyClassLoader(trusted, untrusted);
  }

  private static CompilerConfiguration configuration(CpsTransformer transformer) {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setScriptBaseClass(PipelineScript.class.getName());
    configuration.setSourceEncoding("UTF-8");
    ImportCustomizer imports = new ImportCustomizer();
    imports.addStarImports(NonCPS.class.getPackage().getName(), "hudson.model", "jenkins.model");
    imports.addImports(org.jenkinsci.plugins.workflow.libs.Library.class.getName());
    configuration.addCompilationCustomizers(imports, transformer);
    return configuration;
  }

  GroovyClassLoader loader() {
    return loader;
  }

  /** The Jenkinsfile; also compiles all of vars/, so that a mistake there is found whatever runs. */
  PipelineScript jenkinsfile(Path file) throws IOException {
    interpreter = trusted.parseClass(text(Library.class.getResourceAsStream("/Declarative.groovy")), "Declarative.groovy");
    for (Path path : Home.files(folder.resolve("vars"))) {
      String fileName = path.getFileName().toString();
      if (!fileName.endsWith(".groovy")) continue;
      variables.put(fileName.replace(".groovy", ""), loader.parseClass(Files.readString(path), fileName));
    }
    return instance(loader.parseClass(Files.readString(file), "WorkflowScript"));
  }

  /** The instance of a file of vars/ that this build has made, or makes now; null where there is none of the name. */
  Object variable(String name) {
    Class<?> type = variables.get(name);
    return type == null ? null : Program.current.variables.computeIfAbsent(name, missing -> instance(type));
  }

  boolean hasVariable(String name) {
    return variables.containsKey(name);
  }

  /** Reads a `pipeline` block, then has the interpreter run it; never returns by itself, as with everything that is CPS-transformed. */
  Object pipeline(Object[] given, PipelineScript script) {
    Pipeline pipeline = Pipeline.read(given, script);
    PipelineScript runner = instance(interpreter);
    return InvokerHelper.getMetaClass(runner).invokeMethod(runner, "call", new Object[] {pipeline});
  }

  byte[] resource(String name) throws IOException {
    Path file = folder.resolve("resources").resolve(name).normalize();
    if (!file.startsWith(folder) || !Files.exists(file)) throw new hudson.AbortException("No such library resource " + name + " could be found.");
    return Files.readAllBytes(file);
  }

  private static PipelineScript instance(Class<?> type) {
    try {
      return (PipelineScript) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }
}
