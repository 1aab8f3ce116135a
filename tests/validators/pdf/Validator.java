import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says for each file whether it keeps a standard (ua1, 2a, ...), with the rules that it breaks. Ends with 1 where one does not. */
public class Validator {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour standard = PDFAFlavour.fromString(arguments[0]);
    int broken = 0;
    for (int at = 1; at < arguments.length; at++) {
      try (PDFAParser file =
          Foundries.defaultInstance().createParser(new FileInputStream(arguments[at]), standard)) {
        ValidationResult result =
            Foundries.defaultInstance().createValidator(standard, false).validate(file);
        System.out.println(
            arguments[at] + " " + standard + (result.isCompliant() ? " ok " : " NOT ok ") + result.getTotalAssertions());
        if (result.isCompliant()) {
          continue;
        }
        broken++;
        Map<String, String> rules = new TreeMap<>();
        for (TestAssertion found : result.getTestAssertions()) {
          rules.putIfAbsent(
              found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber(), found.getMessage());
        }
        rules.forEach((rule, message) -> System.out.println("  " + rule + " " + message));
      }
    }
    System.exit(broken == 0 ? 0 : 1);
  }
}
