package controller;

import org.codehaus.groovy.ast.AnnotationNode;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/** Refuses a Jenkinsfile that asks for any other library than the one that the folder has, or for none. */
final class LibraryAnnotation extends CompilationCustomizer {
  private final String name;

  LibraryAnnotation(String name) {
    super(CompilePhase.CONVERSION);
    this.name = name;
  }

  @Override
  public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
    if (!type.getName().equals("WorkflowScript")) return;
    boolean[] asked = {false};
    new ClassCodeVisitorSupport() {
      @Override
      protected SourceUnit getSourceUnit() {
        return source;
      }

      @Override
      public void visitDeclarationExpression(DeclarationExpression expression) {
        for (AnnotationNode annotation : expression.getAnnotations()) {
          asked[0] |= annotation.getClassNode().getName().endsWith("Library") && name.equals(annotation.getMember("value").getText());
        }
        super.visitDeclarationExpression(expression);
      }
    }.visitClass(type);
    if (!asked[0]) throw new Refusal("The Jenkinsfile does not ask for @Library('" + name + "')");
  }
}
