//! The skill certification: what somebody can do, who found out and how, so that the proof moves with the person.
//!
//! In a credential of the VC Data Model it is an Open Badges 3.0 `AchievementSubject` (see
//! [`open_badge`](super::open_badge)). It can also be issued as the EUDI pilot's verified skill (see
//! [`Scheme`](super::Scheme)).

use super::parties::Body;
use super::record::prelude::*;
use super::text::{ESCO_SKILL, EscoSkill, Identifier, Jurisdiction, Line, Prose, WebAddress};
use crate::time::Date;

vocabulary! {
    /// How far somebody has come (Dreyfus model of skill acquisition).
    Proficiency {
        /// Follows rules.
        Novice = "novice",
        /// Begins to see what a situation needs.
        AdvancedBeginner = "advanced-beginner",
        /// Plans and copes alone.
        Competent = "competent",
        /// Sees the whole and sets priorities.
        Proficient = "proficient",
        /// Acts from deep experience.
        Expert = "expert",
    }
}

vocabulary! {
    /// How the skill was assessed.
    Assessment {
        /// The task was performed.
        PerformanceTask = "performance-task",
        /// In a simulation.
        Simulation = "simulation",
        /// By observation after a plan.
        StructuredObservation = "structured-observation",
        /// By judging what the work produced.
        WorkProductEvaluation = "work-product-evaluation",
        /// By a portfolio.
        PortfolioAssessment = "portfolio-assessment",
        /// By a project.
        ProjectAssessment = "project-assessment",
        /// By the judgement of an assessor.
        AssessorJudgement = "assessor-judgement",
        /// By the judgement of a supervisor.
        SupervisorJudgement = "supervisor-judgement",
        /// By a written examination.
        WrittenExamination = "written-examination",
        /// By an oral examination.
        OralExamination = "oral-examination",
        /// In another way.
        Other = "other",
    }
}

vocabulary! {
    /// Who stands behind the assessment.
    Assurance {
        /// The awarding body or the person alone.
        SelfAsserted = "self-asserted",
        /// A third party, who is named.
        ThirdPartyAssessed = "third-party-assessed",
        /// An audited assessment, with evidence of the audit.
        AuditedAssessment = "audited-assessment",
    }
}

record! {
    /// A skill in ESCO, the European classification of skills and occupations.
    EscoReference built by EscoReferenceBuilder {
        /// Its URI, which begins with `http://data.europa.eu/esco/skill/`.
        "uri" => uri: text EscoSkill, required;
        /// Its title there.
        "title" => title: text Line, required;
    }
}

impl Rules for EscoReference {}

record! {
    /// The same skill in another framework than ESCO.
    Alignment built by AlignmentBuilder {
        /// Its name there.
        "name" => name: text Line, required;
        /// Where it is described.
        "url" => url: text Identifier, required;
        /// The framework.
        "framework" => framework: text Line;
        /// Its code there.
        "code" => code: text Line;
    }
}

impl Rules for Alignment {
    fn rules(&self, at: &At<'_>, _: Extent) -> Result<(), ClaimsError> {
        let esco = self.url.as_ref().is_some_and(|url| url.as_str().starts_with(ESCO_SKILL));
        at.agrees(!esco, "url", "an ESCO skill belongs under escoReferences")
    }
}

record! {
    /// The skill itself, the same for everybody who has it.
    Skill built by SkillBuilder {
        /// A URI that names this skill for good, in the awarding body's catalogue.
        "id" => id: text Identifier, required;
        /// Its name, such as care for elderly people at home.
        "name" => name: text Line, required;
        /// What somebody with this skill can do.
        "description" => description: text Prose, required;
        /// What has to be shown to earn it.
        "criteria" => criteria: text Prose, required;
        /// Where the criteria are published.
        "criteriaUrl" => criteria_url: text WebAddress;
        /// What Open Badges calls the type of achievement, such as Competency or Certificate.
        "achievementType" => achievement_type: text Line;
        /// The skill in ESCO.
        "escoReferences" => esco_references: records EscoReference;
        /// The skill in other frameworks.
        "alignments" => alignments: records Alignment;
    }
}

impl Rules for Skill {}

record! {
    /// Something that shows the skill, or an audit of how it was assessed.
    Evidence built by EvidenceBuilder {
        /// What it is, such as service log of 2025.
        "name" => name: text Line, required;
        /// What it shows.
        "narrative" => narrative: text Prose;
        /// Where it can be seen.
        "id" => id: text WebAddress;
        /// Its kind, such as video or report.
        "genre" => genre: text Line;
    }
}

impl Rules for Evidence {}

record! {
    /// The programme in which the skill was used, such as a time-voucher programme.
    Programme built by ProgrammeBuilder {
        /// Its name.
        "name" => name: text Line, required;
        /// Who runs it.
        "organiser" => organiser: text Line;
        /// Its page.
        "id" => id: text WebAddress;
    }
}

impl Rules for Programme {}

record! {
    /// A skill that an awarding body certifies.
    SkillCertification built by SkillCertificationBuilder {
        /// Full name in its own script; the key that the credential is bound to says who it is even without.
        "name" => name: text Line;
        /// The same name in Latin letters.
        "nameLatin" => name_latin: text Line;
        /// Family name.
        "familyName" => family_name: text Line;
        /// Given names.
        "givenName" => given_name: text Line;
        /// The skill.
        "skill" => skill: record Skill, required;
        /// How far the person has come.
        "proficiencyLevel" => proficiency_level: value Proficiency, required;
        /// How it was assessed.
        "typeOfAssessment" => type_of_assessment: value Assessment, required;
        /// The day of the assessment.
        "assessedOn" => assessed_on: value Date, required;
        /// What came out, in the assessment's own terms, such as 86 of 100.
        "score" => score: text Line;
        /// Who stands behind the assessment.
        "qualityAssuranceLevel" => quality_assurance_level: value Assurance, required;
        /// How its quality is kept.
        "qualityAssuranceMethod" => quality_assurance_method: text Prose;
        /// The third party that assessed; demanded where a third party stands behind it.
        "assessor" => assessor: record Body;
        /// Evidence of the audit; demanded where the assessment was audited.
        "auditEvidence" => audit_evidence: records Evidence;
        /// What shows the skill.
        "assessmentEvidence" => assessment_evidence: records Evidence;
        /// Who awards it.
        "awardingBody" => awarding_body: record Body, required;
        /// The person's role when using the skill.
        "role" => role: text Line;
        /// What the awarding body has to tell of it.
        "narrative" => narrative: text Prose;
        /// The number of the licence or certificate.
        "licenceNumber" => licence_number: text Line;
        /// The first day on which the person used the skill in the programme.
        "activityStartDate" => activity_start_date: value Date;
        /// The last such day.
        "activityEndDate" => activity_end_date: value Date;
        /// The programme.
        "programme" => programme: record Programme;
        /// Where the skill was used, such as Sham Shui Po.
        "place" => place: text Line;
        /// The country or region (ISO 3166) of that place.
        "jurisdiction" => jurisdiction: text Jurisdiction;
    }
}

impl Rules for SkillCertification {
    fn rules(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
        let began = ("activityStartDate", self.activity_start_date);
        at.in_order(began, ("activityEndDate", self.activity_end_date))?;
        if extent == Extent::Disclosed {
            return Ok(());
        }
        match self.quality_assurance_level {
            Some(Assurance::ThirdPartyAssessed) => {
                at.needs(self.assessor.is_some(), "assessor", "a third party is said to have assessed the skill")?;
                let third = self.assessor.as_ref().and_then(|body| body.id.as_ref())
                    != self.awarding_body.as_ref().and_then(|body| body.id.as_ref());
                at.agrees(third, "assessor", "the awarding body itself is no third party")
            }
            Some(Assurance::AuditedAssessment) => {
                let audited = !self.audit_evidence.is_empty();
                at.needs(audited, "auditEvidence", "the assessment is said to have been audited")
            }
            _ => Ok(()),
        }
    }
}
