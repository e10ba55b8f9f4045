// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Assertions;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What holds for the classes of every library module. */
public final class ArchitectureRules {
    private static final String SYS = "io.vpmd.spi.sys..";
    private static final String ONE_PLACE = "every restricted call is in io.vpmd.spi.sys";

    private static final List<ArchRule> RULES =
            List.of(
                    noClasses()
                            .that()
                            .resideOutsideOfPackage(SYS)
                            .should()
                            .dependOnClassesThat()
                            .belongToAnyOf(Linker.class, SymbolLookup.class)
                            .because(ONE_PLACE),
                    noClasses()
                            .that()
                            .resideOutsideOfPackage(SYS)
                            .should()
                            .accessTargetWhere(restricted())
                            .because(ONE_PLACE),
                    classes()
                            .should()
                            .onlyDependOnClassesThat(
                                    describe("are ours", ArchitectureRules::allowed))
                            .because("the libraries have no runtime dependency"),
                    noClasses()
                            .should()
                            .haveNameMatching(".*(Impl|Utils?|Manager|Helper)")
                            .because("a name says what the class is"),
                    noMethods()
                            .should(be(describe("getters with get", ArchitectureRules::getter)))
                            .because("properties are named mtu(), not getMtu()"),
                    noClasses()
                            .should()
                            .accessTargetWhere(processWide())
                            .because("a library throws or logs and the application decides"));

    private ArchitectureRules() {}

    /** Fails with all violations of all rules. */
    public static void check(JavaClasses classes) {
        Assertions.assertAll(
                RULES.stream().map(rule -> () -> rule.allowEmptyShould(true).check(classes)));
    }

    private static DescribedPredicate<JavaAccess<?>> restricted() {
        return accessOf(MemorySegment.class, "reinterpret")
                .or(accessOf(AddressLayout.class, "withTargetLayout"))
                .or(accessOf(System.class, "load", "loadLibrary"));
    }

    private static DescribedPredicate<JavaAccess<?>> processWide() {
        return accessOf(System.class, "exit", "out", "err")
                .or(accessOf(Runtime.class, "exit", "halt"))
                .or(accessOf(Throwable.class, "printStackTrace"));
    }

    private static DescribedPredicate<JavaAccess<?>> accessOf(Class<?> owner, String... members) {
        Set<String> names = Set.of(members);
        return describe(
                owner.getSimpleName() + "." + names,
                access ->
                        access.getTargetOwner().isAssignableTo(owner)
                                && names.contains(access.getTarget().getName()));
    }

    private static boolean allowed(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return base.isPrimitive()
                || Stream.of("java.", "jdk.", "org.jspecify.", "io.vpmd.")
                        .anyMatch(base.getName()::startsWith);
    }

    private static boolean getter(JavaMethod method) {
        return method.getName().matches("get[A-Z].*")
                && method.getRawParameterTypes().isEmpty()
                && method.getModifiers().contains(JavaModifier.PUBLIC)
                && !inheritedFromOutside(method);
    }

    /** The JDK's own types have getters, for example Throwable, and overriding them is fine. */
    private static boolean inheritedFromOutside(JavaMethod method) {
        JavaClass owner = method.getOwner();
        return Stream.concat(
                        owner.getAllRawSuperclasses().stream(),
                        owner.getAllRawInterfaces().stream())
                .filter(type -> !type.getName().startsWith("io.vpmd."))
                .anyMatch(type -> type.tryGetMethod(method.getName()).isPresent());
    }
}
