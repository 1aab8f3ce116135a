import java.io.FileInputStream;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.validate.ValidationResult;

/** Says what is wrong with each calendar file. Ends with 1 where something is. */
public class Validator {
  public static void main(String[] arguments) throws Exception {
    int broken = 0;
    for (String name : arguments) {
      Calendar calendar = new CalendarBuilder().build(new FileInputStream(name));
      ValidationResult result = calendar.validate();
      System.out.println(name + (result.hasErrors() ? " NOT ok " : " ok ") + result.getEntries());
      if (result.hasErrors()) {
        broken++;
      }
    }
    System.exit(broken == 0 ? 0 : 1);
  }
}
