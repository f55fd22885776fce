public class Placeholder { [Fact] public void Runs() { } }
